"""Panels of the editor's form that Wagtail does not have."""

from typing import Any

from wagtail.admin.panels import FieldPanel, PublishingPanel, TitleFieldPanel


def counted(name: str, about: int, kind: type[FieldPanel] = FieldPanel, **options: Any) -> FieldPanel:
    """A panel of a text field that counts its characters as they are typed (static/js/admin/counter.js).

    Args:
        about: how many characters read well; more are allowed.
        options: of the panel.
    """
    return kind(name, attrs={"data-controller": "counter", "data-counter-about-value": str(about)}, **options)


def title_panel(help_text: str = "For example: Food and Cornwall") -> FieldPanel:
    """The panel of a page's title."""
    return counted("title", 70, TitleFieldPanel, help_text=help_text)


def publishing_panel() -> PublishingPanel:
    """The times to go live and to expire; Wagtail's own does not say of which place they are."""
    return PublishingPanel(
        help_text="Times are London time, in summer and in winter. For example: 25/11/2026 09:00",
    )
