"""Template tags of the explorer: its drawings, the marks of groups and the lines of kinds."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from changemaking.connections import Kind
from changemaking.drawing.chart import MARKS, Chart
from changemaking.drawing.svg import svg
from changemaking.graph import Link

register = template.Library()


@register.simple_tag
def drawing(chart: Chart, name: str, base: str) -> SafeString:
    """A chart as inline SVG, of the class `name`, with links beneath the address `base`."""
    return svg(chart, name, base)


@register.simple_tag
def group_mark(number: int) -> SafeString:
    """The mark of a group, by its number, as the drawing shows it."""
    return format_html(
        '<svg class="mark-of g{}" viewBox="-12 -12 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        *(number, MARKS[number % len(MARKS)]),
    )


@register.simple_tag
def kind_line(kind: str) -> SafeString:
    """A piece of the line of a kind of connection; nothing for what is no kind."""
    return _line(Kind(kind), is_reversed=False) if kind in Kind.values else SafeString()


@register.simple_tag
def link_line(link: Link) -> SafeString:
    """A piece of a connection's line, its arrow pointing as the words read: towards the other end, or from it."""
    return _line(link.kind, is_reversed=link.words != link.kind.label)


@register.filter
def number_of(numbers: dict[int | None, int], group: object) -> int:
    """The number of a group, or of having none."""
    return numbers[getattr(group, "pk", None)]


def _line(kind: Kind, is_reversed: bool) -> SafeString:
    head = "" if kind.is_symmetric else "M0 6 11 1v10z" if is_reversed else "M48 6 37 1v10z"
    line = "M0 6h48" if kind.is_symmetric else "M11 6h37" if is_reversed else "M0 6h37"
    return format_html(
        '<svg class="line {}" viewBox="0 0 48 12" aria-hidden="true" focusable="false"><path d="{}"/>{}</svg>',
        *(kind, line, format_html('<path class="h" d="{}"/>', head) if head else ""),
    )
