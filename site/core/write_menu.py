"""The menu "Write": a new page of the kinds that editors write most, straight to its form, with its parent chosen."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.models import Page

from core.reports import may_write

# Apps register their kinds under this hook.
HOOK = "register_write_menu_item"


class WriteMenuItem(MenuItem):
    """A new page of one type. Wagtail's view at this address goes to the form when there is only one parent."""

    def __init__(self, model: type[Page], icon_name: str, order: int) -> None:
        self.model = model
        options: Any = model._meta
        super().__init__(
            capfirst(options.verbose_name),
            reverse("wagtailadmin_pages:choose_parent", args=(options.app_label, options.model_name)),
            name=f"write-{options.model_name}",
            icon_name=icon_name,
            order=order,
        )


class WriteMenu(Menu):
    """The kinds that a person may write, and whatever else there is to begin with."""

    def menu_items_for_request(self, request: HttpRequest) -> list[MenuItem]:
        """The lines that are shown. Wagtail asks twice for each of its pages: whether there are any, and for them."""
        if not hasattr(request, "_write_menu"):
            request._write_menu = self._shown(request)  # ty: ignore[invalid-assignment]
        return request._write_menu  # ty: ignore[missing-attribute]

    def _shown(self, request: HttpRequest) -> list[MenuItem]:
        items = self.registered_menu_items
        places = parents_for({item.model for item in items if isinstance(item, WriteMenuItem)}, request.user)
        return [
            item
            for item in items
            if (item.model in places if isinstance(item, WriteMenuItem) else item.is_shown(request))
        ]


def parents_for(models: Iterable[type[Page]], user: Any) -> dict[type[Page], Page]:
    """The first page beneath which a person may add one, for each of the types that there is such a page for.

    It takes one query, however many types there are.
    """
    allowed = {model: model.allowed_parent_page_models() for model in models}
    kinds = ContentType.objects.get_for_models(*{parent for parents in allowed.values() for parent in parents})
    places = Page.objects.filter(may_write(user, actions=("add",)), content_type__in=kinds.values())
    firsts = places.order_by().values("content_type").annotate(first=Min("path")).values("first")
    found = {place.specific_class: place for place in Page.objects.filter(path__in=firsts)}
    # The last one for a type stays, so the first in the tree is named last.
    suitable = (
        (model, place)
        for kind, place in reversed(found.items())
        for model, parents in allowed.items()
        if kind in parents and model.can_create_at(place)
    )
    return dict(suitable)


def write_menu() -> SubmenuMenuItem:
    """The menu, which is shown to people who may write any of its kinds."""
    return SubmenuMenuItem("Write", WriteMenu(register_hook_name=HOOK), icon_name="edit", order=50)
