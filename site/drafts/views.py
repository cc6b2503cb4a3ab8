"""Showing a draft to whoever has its link."""

from django.http import Http404, HttpRequest, HttpResponse

from core.views import read_only
from drafts.models import SharedDraft

# Nobody keeps a draft or lists it, and no other site learns its address from a link that was followed.
HEADERS = {
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
}


@read_only
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show a draft as Wagtail previews it, with a bar above it.

    The preview is made for a request that nobody wrote: no cookie, header or argument of the visitor's is in it, so an
    editor sees here what others see.

    Raises:
        Http404: the link never was, has expired or been revoked, or the page is gone: the same answer for all.
    """
    link = SharedDraft.at(token)
    if link is None:
        raise Http404
    page = link.shown_page()
    answer = page.make_preview_request(
        preview_mode=page.default_preview_mode, extra_request_attrs={"shared_draft": link}
    )
    for name, value in HEADERS.items():
        answer[name] = value
    answer.headers.pop("ETag", None)  # nobody keeps it, so nobody asks whether it has changed
    if request.method == "GET":
        link.count_opening()
    return answer
