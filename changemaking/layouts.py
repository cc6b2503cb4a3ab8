"""Keeping the layout of the drawing true: made anew when something public has changed, never by a reader."""

from typing import Any

from django.db import transaction

from changemaking.drawing.layout import fingerprint, lay_out
from changemaking.models import ApproachPage, ChangeMakingPage, MapLayout


def refresh_layouts() -> None:
    """Lay out every explorer whose titles, groups or connections are not those of its kept layout."""
    for page in ChangeMakingPage.objects.all():
        graph = page.get_graph()
        wanted = fingerprint(graph)
        if not MapLayout.objects.filter(page=page, fingerprint=wanted).exists():
            kept = {"fingerprint": wanted, "data": lay_out(graph)}
            MapLayout.objects.update_or_create(page=page, defaults=kept)


def refresh_soon(**kwargs: Any) -> None:
    """Refresh when what is being written has been written. Receives signals.

    Whatever goes wrong with a drawing is logged and spoils nothing else: the lists need no layout.
    """
    transaction.on_commit(refresh_layouts, robust=True)


def refresh_after_page(instance: Any, **kwargs: Any) -> None:
    """Refresh when a page of the explorer was published, unpublished, moved or deleted. Receives signals."""
    if issubclass(instance.specific_class or type(instance), ApproachPage | ChangeMakingPage):
        refresh_soon()
