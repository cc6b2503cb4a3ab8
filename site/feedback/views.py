"""Taking readers' answers. No cookie, no session; a POST, then a redirect, so that a reload sends nothing twice."""

import logging
from collections.abc import Callable
from functools import wraps

from django.core import signing
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.bodies import BodyRefused, sent_fields
from core.origins import is_from_elsewhere
from core.visibility import is_visible
from feedback.forms import AnswerForm, CommentForm
from feedback.limits import is_one_too_many
from feedback.models import Answer

log = logging.getLogger(__name__)

SALT = "feedback.comment"
# Seconds within which a reader may add a comment, or change it.
A_DAY = 24 * 60 * 60
# Seconds after which to try again when the database could not be written.
RETRY_AFTER = 30
UNPROCESSABLE, TOO_MANY, UNAVAILABLE = 422, 429, 503

FROM_ELSEWHERE = "This was sent from another website, so nothing was kept. Please answer on the page itself."
UNCLEAR = "What was sent does not say which page you mean and whether it was helpful. Please answer on the page itself."
SO_MANY = "Many answers have come from your network within this hour. Please try again in the next one."
BUSY = "Sorry, we could not keep your answer just now. Please try again in half a minute."
TOO_LATE = "This page has been open for too long to keep your comment. Please answer on the page again."

View = Callable[..., HttpResponse]


def _takes_forms(view: View) -> View:
    """Answer what cannot be taken with a page that says why. Public pages carry no CSRF token: see core.origins."""

    @csrf_exempt
    @wraps(view)
    def answering(request: HttpRequest, **kwargs: str) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except BodyRefused as refused:
            return _refuse(request, refused.status, refused.problem)
        except DatabaseError as error:
            log.error("A reader's answer could not be written", extra={"error": type(error).__name__})
            response = _refuse(request, UNAVAILABLE, BUSY)
            response["Retry-After"] = str(RETRY_AFTER)
            return response

    return answering


@_takes_forms
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Keep whether a page was helpful, then ask for a comment."""
    form = AnswerForm(_fields(request))
    if form.is_trapped:
        return _see_other("feedback:thank-you")
    if not form.is_valid():
        raise BodyRefused(UNPROCESSABLE, UNCLEAR)
    _count(request)
    kept = Answer.objects.create(page=form.cleaned_data["page"], is_helpful=form.cleaned_data["answer"] == "yes")
    return _see_other("feedback:comment", signing.dumps(kept.pk, salt=SALT))


@_takes_forms
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, token: str) -> HttpResponse:
    """Thank a reader and take a comment, which belongs to the answer that the token names."""
    kept = _answer_of(token)
    if request.method != "POST":
        return _ask(request, kept, CommentForm()) if kept else redirect("feedback:thank-you")
    form = CommentForm(_fields(request))
    if form.is_trapped:
        return _see_other("feedback:thank-you")
    if kept is None:
        form.add_error("comment", TOO_LATE)
    if kept is None or not form.is_valid():
        return _ask(request, kept, form, UNPROCESSABLE)
    _count(request)
    kept.comment = form.cleaned_data["comment"]
    kept.save(update_fields=["comment"])
    return _see_other("feedback:thank-you")


@csrf_exempt  # so that other methods get the right answer, 405
@require_safe
def thank_you(request: HttpRequest) -> HttpResponse:
    """Thank a reader who has said all."""
    return render(request, "feedback/thank_you.html")


def _fields(request: HttpRequest) -> QueryDict:
    if is_from_elsewhere(request):
        raise BodyRefused(403, FROM_ELSEWHERE)
    return sent_fields(request)


def _count(request: HttpRequest) -> None:
    if is_one_too_many(request.META.get("REMOTE_ADDR", "")):
        raise BodyRefused(TOO_MANY, SO_MANY)


def _answer_of(token: str) -> Answer | None:
    try:
        pk = signing.loads(token, salt=SALT, max_age=A_DAY)
    except signing.BadSignature:
        return None
    return Answer.objects.select_related("page").filter(pk=pk).first()


def _ask(request: HttpRequest, kept: Answer | None, form: CommentForm, status: int = 200) -> HttpResponse:
    page = kept.page if kept and is_visible(kept.page) else None
    return render(request, "feedback/comment.html", {"form": form, "answer": kept, "answered": page}, status=status)


def _refuse(request: HttpRequest, status: int, problem: str) -> HttpResponse:
    return render(request, "feedback/refused.html", {"problem": problem}, status=status)


def _see_other(name: str, *arguments: str) -> HttpResponse:
    """Go on with a GET (RFC 9110, 15.4.4)."""
    response = redirect(name, *arguments)
    response.status_code = 303
    return response
