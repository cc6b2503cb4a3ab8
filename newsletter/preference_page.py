"""The preference page over HTTP. It works without cookie and script, and only a POST changes anything."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.bodies import BodyRefused, sent_fields
from core.origins import is_from_elsewhere
from newsletter.forms import PreferencesForm
from newsletter.models import Subscriber
from newsletter.preferences import leave, masked, save_profile, subscriber_of
from newsletter.service import LEFT

log = logging.getLogger(__name__)

# Seconds after which to try again when the database could not be written.
RETRY_AFTER = 30
FROM_ELSEWHERE = "This was sent from another website, so nothing was changed. Please use the form below."
NOTHING_ASKED = "What was sent does not say what to do, so nothing was changed. Please use the form below."
BUSY = "Sorry, we could not save your changes just now. Please try again in half a minute."
# The page's address is as good as a password, so it is neither kept, nor indexed, nor told to the next site.
PRIVATE_HEADERS = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@csrf_exempt  # the link is the authority, and no cookie is asked for
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show a person's preferences, or do what they ask."""
    subscriber = subscriber_of(token)
    if subscriber is None:
        response = render(request, "newsletter/preferences_unknown.html", status=404)
    elif request.method == "POST":
        response = _act(request, subscriber)
    else:
        response = _show(request, subscriber, PreferencesForm(subscriber))
    for name, value in PRIVATE_HEADERS.items():
        response[name] = value
    return response


def _act(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """Do what was asked for."""
    unchanged = PreferencesForm(subscriber)
    try:
        fields = sent_fields(request)
    except BodyRefused as refused:
        return _show(request, subscriber, unchanged, refused.status, refused.problem)
    form = PreferencesForm(subscriber, fields) if fields.get("action") == "save" else unchanged
    try:
        if fields.get("List-Unsubscribe") == "One-Click":
            # RFC 8058: sent by the person's mail service, which follows no redirect and is another site.
            leave(subscriber)
            return HttpResponse("You have left the mailing list.\n", content_type="text/plain; charset=utf-8")
        if is_from_elsewhere(request):
            return _show(request, subscriber, unchanged, 403, FROM_ELSEWHERE)
        if fields.get("action") == "leave":
            leave(subscriber)
            return _see(request, "left")
        if fields.get("action") == "save":
            return _save(request, subscriber, form)
        return _show(request, subscriber, unchanged, 400, NOTHING_ASKED)
    except DatabaseError as error:
        log.error("Preferences could not be written", extra={"error": type(error).__name__})
        response = _show(request, subscriber, form, 503, BUSY)
        response["Retry-After"] = str(RETRY_AFTER)
        return response


def _save(request: HttpRequest, subscriber: Subscriber, form: PreferencesForm) -> HttpResponse:
    if not form.is_valid():
        return _show(request, subscriber, form, 422)
    data = form.cleaned_data
    save_profile(subscriber, data["first_name"], data["last_name"], data["interests"])
    return _see(request, "saved")


def _see(request: HttpRequest, done: str) -> HttpResponse:
    """Have the browser get the page again, so that going back and forth repeats nothing."""
    return HttpResponse(status=303, headers={"Location": f"{request.path}?{done}=1"})


def _show(
    request: HttpRequest, subscriber: Subscriber, form: PreferencesForm, status: int = 200, problem: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "topics": form.topics,
        "address": masked(subscriber.email),
        "has_left": subscriber.state in LEFT,
        "saved": request.method != "POST" and "saved" in request.GET,
        "problem": problem,
    }
    return render(request, "newsletter/preferences.html", context, status=status)
