"""The mailing list's place in Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from core.write_menu import HOOK, WriteMenuItem
from newsletter.admin import actions
from newsletter.admin.campaigns import CampaignAdmin
from newsletter.admin.connection import connection_view
from newsletter.admin.dashboard import NewsletterPanel
from newsletter.admin.permissions import MAY_SEE_ISSUES
from newsletter.admin.records import ReconciliationAdmin, WebhookEventAdmin
from newsletter.admin.subscribers import SubscriberAdmin
from newsletter.admin.topics import TopicAdmin
from newsletter.admin.wordings import ConsentWordingAdmin
from newsletter.models import Campaign, CampaignState, IssuePage

ON_ITS_WAY = (CampaignState.QUEUED, CampaignState.SCHEDULED, CampaignState.CANCELLING, CampaignState.SENDING)
CANCEL_FIRST = (
    "This issue is on its way to its readers, and the email links to this page. First cancel the sending, under "
    "Newsletter, Issues by email."
)


@modeladmin_register
class NewsletterGroup(ModelAdminGroup):
    """The menu's "Newsletter"."""

    menu_label = "Newsletter"
    menu_icon = "mail"
    menu_order = 300
    items = (CampaignAdmin, SubscriberAdmin, TopicAdmin, ConsentWordingAdmin, ReconciliationAdmin, WebhookEventAdmin)


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Put the newsletter's panel on the admin's first page."""
    panels.append(NewsletterPanel())


@hooks.register("register_admin_urls")
def add_connection_test() -> list[URLPattern]:
    """The page that tests the connection to Mailchimp."""
    return [path("newsletter/connection/", connection_view, name="newsletter_connection")]


@hooks.register(HOOK)
def new_issue() -> WriteMenuItem:
    """Begin an issue of the newsletter."""
    return WriteMenuItem(IssuePage, "mail", order=40)


@hooks.register("register_page_header_buttons")
def add_way_to_the_desk(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """From an issue's form to where it is sent, for those who may see that."""
    if isinstance(page, IssuePage) and user.has_perm(MAY_SEE_ISSUES):
        for campaign in Campaign.objects.filter(issue_id=page.pk).only("pk"):
            url = CampaignAdmin().url_helper.get_action_url("inspect", campaign.pk)
            yield Button("Send by email", url, icon_name="mail", priority=5)


@hooks.register("before_delete_page", order=-10)
@hooks.register("before_unpublish_page", order=-10)
def keep_while_it_is_sent(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Leave the page of an issue that is on its way where it is: the email links to it."""
    if not Campaign.objects.filter(issue_id=page.pk, state__in=ON_ITS_WAY).exists():
        return None
    messages.error(request, CANCEL_FIRST)
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("register_log_actions")
def add_log_actions(registry: LogActionRegistry) -> None:
    """What is done with the mailing list, in the words of Wagtail's reports."""
    actions.register(registry)
