"""Template tags that every page uses."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core import anchors, cards, memory, sharing, structured_data
from core.drawing import DETAIL, SHEET, draw_map
from core.models import BasePage

register = template.Library()

# Closes the script element's door: inside it only these characters could end it or start a comment (HTML, 13.1.2).
_JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def json_ld(context: Context) -> SafeString:
    """The page's structured data as script elements of data, which no browser runs."""
    page, request = context.get("page"), context.get("request")
    if page is None or request is None or not hasattr(page, "get_structured_data"):
        return mark_safe("")
    return mark_safe("".join(_script(item) for item in page.get_structured_data(request)))


@register.simple_tag(takes_context=True)
def social_card(context: Context) -> str:
    """Whole address of the page's drawn social card; empty when it has none (a preview, a page of a view)."""
    page = context.get("page")
    path = cards.card_address(page) if isinstance(page, BasePage) else ""
    return f"{settings.SITE_URL}{path}" if path else ""


@register.simple_tag(takes_context=True)
def organization_json_ld(context: Context) -> SafeString:
    """Who is behind the site, as structured data."""
    return mark_safe(_script(structured_data.organization(context["site_settings"])))


@register.simple_tag
def share_links(page: BasePage) -> list[tuple[str, str]]:
    """Words and addresses of the links to share a page with; none for one that has no address (a preview)."""
    address = page.full_url if page.pk else None
    return sharing.share_links(page.social_title or page.title, address) if address else []


@register.simple_tag
def drawn_map(seed: str, shape: str = "detail") -> SafeString:
    """A map drawn from any words, for places without a page of their own (the 404 page, an empty list)."""
    return mark_safe(draw_map(seed, SHEET if shape == "sheet" else DETAIL))


@register.simple_tag(takes_context=True)
def is_current(context: Context, url: str) -> SafeString:
    """`aria-current` for a link: `page` when it is this page, `true` when this page lies beneath it."""
    request = context.get("request")
    path = request.path if request is not None else ""
    if url and url == path:
        return mark_safe('aria-current="page"')
    if url != "/" and url.endswith("/") and path.startswith(url):
        return mark_safe('aria-current="true"')
    return mark_safe("")


@register.tag
def shared(parser: Parser, token: Token) -> "SharedNode":
    """`{% shared "footer" %}...{% endshared %}`: what is the same on every page, rendered once until something changes.

    Inside it only the site's name, settings and navigation may be used, and nothing of the page or the visitor.

    Raises:
        TemplateSyntaxError: it has no name.
    """
    try:
        name = token.split_contents()[1].strip("\"'")
    except IndexError:
        raise template.TemplateSyntaxError("{% shared %} takes a name") from None
    nodes = parser.parse(("endshared",))
    parser.delete_first_token()
    return SharedNode(name, nodes)


class SharedNode(template.Node):
    """See `shared`."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> SafeString:
        return memory.until_a_change(f"template {self.name}", lambda: self.nodelist.render(context))


@register.simple_tag(takes_context=True)
def unique_id(context: Context, words: str) -> str:
    """An id that no other element of the page has (core.anchors)."""
    return anchors.unique_id(anchors.taken_ids(context.get("request")), words)


@register.filter
def file_kind(document: Any) -> str:
    """The kind of a document in capitals, for example PDF."""
    return str(document.file_extension).upper()


@register.simple_tag
def time_element(moment: Any, words: str) -> SafeString:
    """A `time` element with a machine-readable date."""
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), words)


def _script(data: dict[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False).translate(_JSON_ESCAPES)
    return f'<script type="application/ld+json">{text}</script>'
