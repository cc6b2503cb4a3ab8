"""The mailing list's place in Wagtail's admin."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from newsletter.admin.notices import NewsletterPanel
from newsletter.admin.subscribers import SubscriberAdmin
from newsletter.admin.wordings import ConsentWordingAdmin


@modeladmin_register
class NewsletterGroup(ModelAdminGroup):
    """The menu's "Newsletter"."""

    menu_label = "Newsletter"
    menu_icon = "mail"
    menu_order = 300
    items = (SubscriberAdmin, ConsentWordingAdmin)


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Put the notices on the admin's first page."""
    panels.append(NewsletterPanel())
