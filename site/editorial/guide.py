"""The guide for people who write (docs/editor-guide.md) inside the admin, with its pictures and a list of contents."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

TEXT = settings.BASE_DIR / "docs" / "editor-guide.md"
PICTURES = TEXT.parent / "pictures"
# Seconds for which a browser may keep a picture.
PICTURE_SECONDS = 3600


@dataclass(frozen=True)
class Guide:
    """The guide as HTML.

    Attributes:
        parts: the id and the words of each heading beneath the title.
    """

    title: str
    html: SafeString
    parts: list[tuple[str, str]]


@lru_cache(maxsize=1)
def guide() -> Guide:
    """Read the guide; it changes with a release only."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(TEXT.read_text())
    title, parts = "", []
    for opening, words in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        if opening.tag == "h1":
            title = words.content
        else:
            opening.attrSet("id", slugify(words.content))
            parts.append((slugify(words.content), words.content))
    body = tokens[3:] if title else tokens  # the admin shows the title itself
    return Guide(title, mark_safe(markdown.renderer.render(body, markdown.options, {})), parts)  # noqa: S308 - ours


@require_safe
def guide_view(request: HttpRequest) -> HttpResponse:
    """Show the guide."""
    found = guide()
    context = {
        "guide": found,
        "breadcrumbs_items": [{"url": "", "label": found.title}],
        "page_title": found.title,
        "header_icon": "help",
    }
    return TemplateResponse(request, "editorial/guide.html", context)


@require_safe
def picture_view(request: HttpRequest, picture: str) -> FileResponse:
    """Show a picture of the guide.

    Raises:
        Http404: there is none of that name.
    """
    path = PICTURES / f"{picture}.webp"
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/webp")
    response["Cache-Control"] = f"private, max-age={PICTURE_SECONDS}"
    return response
