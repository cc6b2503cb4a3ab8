"""The menu "Write": a new page of the kinds that editors write most, straight to its form, with its parent chosen."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.models import Page

# Apps register their kinds under this hook.
HOOK = "register_write_menu_item"
# How many possible parents are asked about. Sections are one of a kind, so there is hardly ever more than one.
PARENTS = 5


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

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the person may add such a page anywhere."""
        return parent_for(self.model, request.user) is not None


def parent_for(model: type[Page], user: Any) -> Page | None:
    """The first page beneath which a person may add one of a type."""
    parents = Page.objects.type(tuple(model.allowed_parent_page_models()))[:PARENTS]
    return next((parent for parent in parents if parent.permissions_for_user(user).can_add_subpage()), None)


def write_menu() -> SubmenuMenuItem:
    """The menu, which is shown to people who may write any of its kinds."""
    return SubmenuMenuItem("Write", Menu(register_hook_name=HOOK), icon_name="edit", order=50)
