"""A chart as inline SVG. It carries classes and no colour: the style sheet decides how it looks.

``land gN`` the land of a group   ``contour``  contour lines   ``name``  the name of a group
``e KIND``  a connection: its line and, in ``h``, its arrow's head
``n gN``    an approach: its box ``b``, the field of its mark ``s``, the mark ``m`` and its title
``lit``, ``off``, ``chosen`` say what belongs to the answer; ``data-n`` and ``data-e`` name approaches to the script.

It is hidden from assistive technology and its links are out of the tab order, because the lists beside it say all
of it, in words and in a better order: a reader with a keyboard or a screen reader would meet everything twice.
"""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from changemaking.drawing.chart import Chart, Edge, Node, Region


def svg(chart: Chart, name: str, base: str) -> SafeString:
    """The drawing, with a class of its own. `base` is the address that the approaches lie beneath."""
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true" focusable="false">'
        "{}{}{}{}</svg>",
        *(name, chart.width, chart.height, chart.width, chart.height),
        *(_land(chart), _joined(map(_edge, chart.edges)), _joined(map(_name, chart.regions))),
        _joined(_node(node, base) for node in chart.nodes),
    )


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _land(chart: Chart) -> SafeString:
    lands = format_html_join("", '<path class="land g{}" d="{}"/>', ((one.number, one.land) for one in chart.regions))
    if not chart.contours:
        return lands
    return format_html('{}<path class="contour" d="{}"/>', lands, chart.contours)


def _name(region: Region) -> SafeString:
    return format_html('<g class="name">{}</g>', _words(region.lines))


def _edge(edge: Edge) -> SafeString:
    ends = format_html(' data-e="{} {}"', edge.connection.page_id, edge.connection.to_id) if edge.connection else ""
    head = format_html('<path class="h" d="{}"/>', edge.head) if edge.head else ""
    state = f" {edge.state}" if edge.state else ""
    return format_html(
        '<g class="e {}{}"{}><title>{}</title><path d="{}"/>{}</g>',
        *(edge.kind, state, ends, edge.words, edge.line, head),
    )


def _node(node: Node, base: str) -> SafeString:
    state = f" {node.state}" if node.state else ""
    return format_html(
        '<a class="n g{}{}" href="{}{}/" tabindex="-1" data-n="{}"><rect class="b" {}/><rect class="s" {}/>'
        '<path class="m" transform="translate({})" d="{}"/>{}</a>',
        *(node.number, state, base, node.approach.slug, node.approach.pk),
        format_html('x="{}" y="{}" width="{}" height="{}"', node.x, node.y, node.width, node.height),
        format_html('x="{}" y="{}" width="{}" height="{}"', node.x, node.y, node.stub, node.height),
        *(node.mark_at, node.mark, _words(node.lines)),
    )


def _words(lines: list[tuple[int, int, str]]) -> SafeString:
    return format_html_join("", '<text x="{}" y="{}">{}</text>', lines)
