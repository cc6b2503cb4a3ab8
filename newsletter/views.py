"""The sign-up: checks, writes, answers. No cookie, no session, no network, and one answer for everybody."""

import logging
import time

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core.bodies import BodyRefused, sent_fields
from core.middleware import address_of
from core.origins import is_from_elsewhere
from core.page_cache.public import public
from core.views import page as serve
from newsletter.arrivals import Arrival, arrivals
from newsletter.forms import SignUpForm
from newsletter.limits import reason_to_hold, trace
from newsletter.models import DailyCount, NewsletterPage, ThankYouPage
from newsletter.models.consent import wording_shown
from newsletter.service import SignUp
from newsletter.statistics import count

log = logging.getLogger(__name__)

SIGN_UP_PATH, THANK_YOU_PATH = "/newsletter/", "/newsletter/thank-you/"
# Seconds after which to try again when the database could not be written.
RETRY_AFTER = 30
# Seconds that the answer to a sign-up takes at least. More than writing it takes as a rule, which differs by a
# millisecond or two between those who are on the list and those who are not: nobody shall tell them apart by that.
AT_LEAST = 0.03
UNPROCESSABLE, UNAVAILABLE = 422, 503

FROM_ELSEWHERE = "This form was sent from another website. Please sign up on our own page."
BUSY = "Sorry, we could not save your sign-up just now. Please try again in half a minute."


@public()
@csrf_exempt  # see core.origins
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter(request: HttpRequest) -> HttpResponseBase:
    """Show the sign-up page, or take a sign-up."""
    if request.method != "POST":
        return serve(request, SIGN_UP_PATH.lstrip("/"))
    response = _take(request)
    response["Cache-Control"] = "no-store"
    return response


@public()
@csrf_exempt  # so that other methods get the right answer, 405
@require_safe
def thank_you(request: HttpRequest) -> HttpResponseBase:
    """Show the editors' thank-you page, wherever they have put it, or a plain one: nobody who signed up sees a 404."""
    try:
        return serve(request, THANK_YOU_PATH.lstrip("/"))
    except Http404:
        page = ThankYouPage.objects.live().first()
        if page and (url := page.get_url(request)) and url != THANK_YOU_PATH:
            return redirect(url)
        page = ThankYouPage(title="Thank you", slug="thank-you")
        return render(request, page.template, page.get_context(request))


def _take(request: HttpRequest) -> HttpResponse:
    """Check and write a sign-up; the order is from the cheapest check to the dearest."""
    began = time.monotonic()
    if is_from_elsewhere(request):
        count(DailyCount.Kind.FROM_ELSEWHERE)
        return _refuse(request, 403, FROM_ELSEWHERE)
    try:
        form = SignUpForm(sent_fields(request))
    except BodyRefused as refused:
        return _refuse(request, refused.status, refused.problem)
    try:
        if not form.is_valid():
            return _answer_errors(request, form)
        if form.is_trapped:
            count(DailyCount.Kind.TRAPPED)
        else:
            _write(request, form)
        response = _thank(request)
    except DatabaseError as error:
        log.error("A sign-up could not be written", extra={"error": type(error).__name__})
        return _answer_busy(request, form)
    time.sleep(max(0.0, began + AT_LEAST - time.monotonic()))
    return response


def _write(request: HttpRequest, form: SignUpForm) -> None:
    """Write a sign-up and its trace at once."""
    data, ip = form.cleaned_data, request.META.get("REMOTE_ADDR", "")
    wish = SignUp(
        email=data["email"],
        first_name=data["first_name"],
        last_name=data["last_name"],
        wording=wording_shown(data["wording"]),
        page=data["page"],
        interests=data["interests"],
        ip=str(address_of(ip) or "") if settings.SIGNUP_STORE_IP else "",
        held=reason_to_hold(ip, is_quick=form.is_quick),
    )
    arrival = Arrival(wish, trace(ip, wish.email, is_quick=form.is_quick))
    arrivals.save(arrival)
    if arrival.is_held:
        count(DailyCount.Kind.HELD)


def _thank(request: HttpRequest) -> HttpResponse:
    """The answer that everybody gets: it depends on nothing that was sent."""
    if not _wants_json(request):
        return HttpResponse(status=303, headers={"Location": THANK_YOU_PATH})
    page = ThankYouPage.objects.live().first() or ThankYouPage()
    heading, message = page.words()
    return JsonResponse({"ok": True, "redirect": THANK_YOU_PATH, "heading": heading, "message": message})


def _answer_errors(request: HttpRequest, form: SignUpForm) -> HttpResponse:
    """The form again, with what is wrong and what was typed."""
    if _wants_json(request):
        errors = {name: " ".join(map(str, messages)) for name, messages in form.errors.items()}
        return JsonResponse({"ok": False, "errors": errors}, status=UNPROCESSABLE)
    return _render_form(request, form, UNPROCESSABLE)


def _answer_busy(request: HttpRequest, form: SignUpForm) -> HttpResponse:
    """The form again, with what was typed: the database could not be written."""
    if _wants_json(request):
        response: HttpResponse = JsonResponse({"ok": False, "message": BUSY}, status=UNAVAILABLE)
    else:
        try:
            response = _render_form(request, form, UNAVAILABLE, problem=BUSY)
        except DatabaseError:  # it cannot be read either
            context = {"form": form, "problem": BUSY, "action": SIGN_UP_PATH}
            response = render(request, "newsletter/unavailable.html", context, status=UNAVAILABLE)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _refuse(request: HttpRequest, status: int, problem: str) -> HttpResponse:
    """The form again, empty, with why nothing was taken."""
    if _wants_json(request):
        return JsonResponse({"ok": False, "message": problem}, status=status)
    return _render_form(request, SignUpForm(), status, problem=problem)


def _render_form(request: HttpRequest, form: SignUpForm, status: int, problem: str = "") -> HttpResponse:
    """The sign-up page around a form that was sent."""
    page = NewsletterPage.objects.live().first() or NewsletterPage(title="Newsletter", slug="newsletter")
    context = page.get_context(request) | {"form": form, "error_title": True, "problem": problem}
    return render(request, page.get_template(request), context, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
