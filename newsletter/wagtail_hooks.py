"""The mailing list's place in Wagtail's admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from newsletter.admin import actions
from newsletter.admin.connection import connection_view
from newsletter.admin.dashboard import NewsletterPanel
from newsletter.admin.records import ReconciliationAdmin, WebhookEventAdmin
from newsletter.admin.subscribers import SubscriberAdmin
from newsletter.admin.topics import TopicAdmin
from newsletter.admin.wordings import ConsentWordingAdmin


@modeladmin_register
class NewsletterGroup(ModelAdminGroup):
    """The menu's "Newsletter"."""

    menu_label = "Newsletter"
    menu_icon = "mail"
    menu_order = 300
    items = (SubscriberAdmin, TopicAdmin, ConsentWordingAdmin, ReconciliationAdmin, WebhookEventAdmin)


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Put the newsletter's panel on the admin's first page."""
    panels.append(NewsletterPanel())


@hooks.register("register_admin_urls")
def add_connection_test() -> list[URLPattern]:
    """The page that tests the connection to Mailchimp."""
    return [path("newsletter/connection/", connection_view, name="newsletter_connection")]


@hooks.register("register_log_actions")
def add_log_actions(registry: LogActionRegistry) -> None:
    """What is done with the mailing list, in the words of Wagtail's reports."""
    actions.register(registry)
