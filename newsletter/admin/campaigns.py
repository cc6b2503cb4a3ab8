"""Issues by email in the admin: the list of them, and the desk from which one is tested, sent, scheduled, cancelled."""

from typing import TYPE_CHECKING, Any

from csp.constants import NONE
from csp.decorators import csp_replace
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe
from wagtail.admin import messages
from wagtail_modeladmin.views import InspectView

from newsletter.admin import actions
from newsletter.admin.campaign_forms import AddressesForm, SendForm
from newsletter.admin.listing import QuickIndexView, ReadOnlyAdmin, in_words
from newsletter.admin.permissions import CampaignPermissionHelper
from newsletter.campaigns import checks, desk
from newsletter.campaigns.letter import Letter
from newsletter.models import Campaign, CampaignState, IssuePage

if TYPE_CHECKING:
    from newsletter.campaigns.segments import Choice

# How long the desk waits for the names of segments and tags, in seconds. Without them it offers everybody only.
CHOICES_SECONDS = 5
CHANGED = "The issue has been changed since you opened this page. Read it again below; nothing was sent."
BUSY = "This issue was sent or is under way already. Nothing was done."


class CampaignIndexView(QuickIndexView):
    """The listing of issues, the newest first."""

    page_title = "Issues by email"


class DeskView(InspectView):
    """One issue: where it stands, what the checks found, how it looks, and what can be done."""

    page_title = "Issue by email"
    instance: Campaign
    test_form: AddressesForm | None = None
    send_form: SendForm | None = None
    letter: Letter | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.instance.may_be_asked_for:  # otherwise what was approved is shown
            self.letter = desk.letter_in_hand(self.instance)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the button says."""
        if not self.permission_helper.user_can_send(request.user):
            raise PermissionDenied
        wishes = {"test": self._test, "send": self._send, "cancel": self._cancel}
        wish = wishes.get(request.POST.get("wish", ""))
        if wish is None:
            return HttpResponseBadRequest("There is no such button.")
        self.letter = desk.letter_in_hand(self.instance)
        if wish():
            return redirect(self.url_helper.get_action_url("inspect", self.pk_quoted))
        return self.render_to_response(self.get_context_data())

    # Each gives whether it is over; otherwise the page is shown again, with what is wrong and what was typed.

    def _test(self) -> bool:
        self.test_form = AddressesForm(self.request.POST)
        if self.letter is None or not self.test_form.is_valid():
            return False
        addresses = self.test_form.cleaned_data["addresses"]
        if desk.ask_for_test(self.instance, self.letter, addresses, self.request.user):
            actions.note_issue(self.instance, actions.TEST_ISSUE, self.request.user)
            messages.success(self.request, "The test is on its way. It can take a minute to arrive.")
        else:
            messages.warning(self.request, BUSY)
        return True

    def _send(self) -> bool:
        form = self.send_form = self._send_form(self.request.POST)
        if self.letter is None or not form.is_valid():
            return False
        if form.cleaned_data["fingerprint"] != self.letter.fingerprint:
            messages.error(self.request, CHANGED)
            self.send_form = None
            return False
        if any(finding.is_error for finding in self._findings()):
            messages.error(self.request, "Nothing was sent. See what has to be mended first.")
            return False
        if desk.ask_to_send(self.instance, self.letter, form.plan, self.request.user):
            action = actions.SCHEDULE_ISSUE if form.plan.send_at else actions.SEND_ISSUE
            actions.note_issue(self.instance, action, self.request.user)
            messages.success(self.request, "Mailchimp gets it in a moment. This page then says what came of it.")
        else:
            messages.warning(self.request, BUSY)
        return True

    def _cancel(self) -> bool:
        if desk.ask_to_cancel(self.instance, self.request.user):
            actions.note_issue(self.instance, actions.CANCEL_ISSUE, self.request.user)
            messages.success(self.request, "It is being cancelled. This page says in a moment whether it was in time.")
        else:
            messages.warning(self.request, "There is nothing to cancel any more.")
        return True

    def _findings(self) -> list[checks.Finding]:
        version = desk.version_in_hand(self.instance)
        if version is None or self.letter is None:
            return []
        return checks.findings(self.instance, version, self.letter)

    def _send_form(self, data: Any = None) -> SendForm:
        initial = {"fingerprint": self.letter.fingerprint if self.letter else ""}
        return SendForm(data, initial=initial, choices=self._choices(), campaign=self.instance)

    def _choices(self) -> "list[Choice]":
        """Segments and tags; none when Mailchimp does not answer soon."""
        from newsletter.campaigns import segments
        from newsletter.errors import GatewayError
        from newsletter.gateway import gateway_from_settings

        try:
            gateway = gateway_from_settings()
            if gateway is None:
                return []
            with gateway.within(CHOICES_SECONDS):
                return segments.choices(gateway)
        except GatewayError as error:
            messages.warning(self.request, f"Segments and tags cannot be offered just now. {error.reason}")
            return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        campaign, url = self.instance, self.url_helper.get_action_url
        user: Any = self.request.user
        may_send = self.permission_helper.user_can_send(user)
        offers = may_send and campaign.may_be_asked_for and self.letter is not None
        return super().get_context_data(
            campaign=campaign,
            letter=self.letter,
            findings=self._findings() if campaign.may_be_asked_for else [],
            facts=facts_about(campaign),
            test_form=(self.test_form or AddressesForm(initial={"addresses": user.email})) if offers else None,
            send_form=(self.send_form or self._send_form()) if offers else None,
            may_cancel=may_send and campaign.may_be_cancelled,
            is_moving=campaign.state in MOVING,
            email_url=url("email", self.pk_quoted),
            text_url=url("text", self.pk_quoted),
            page_url=_page_url(campaign.issue, user),
            **kwargs,
        )


# States that a worker ends within a minute or so.
MOVING = (CampaignState.TESTING, CampaignState.QUEUED, CampaignState.CANCELLING, CampaignState.SENDING)


def facts_about(campaign: Campaign) -> list[tuple[str, Any]]:
    """What is known of the sending, in words; only what there is."""
    asked = campaign.state not in (CampaignState.DRAFT, CampaignState.TESTING)
    by = campaign.asked_by
    facts = [
        ("Recipients", campaign.recipients_in_words if asked else ""),
        ("To be sent (London time)", in_words(campaign.send_at) if asked else ""),
        ("Asked for by", (by.get_full_name() or by.get_username()) if asked and by else ""),
        ("Last test", in_words(campaign.tested_at)),
        ("Sent (London time)", in_words(campaign.sent_at)),
        ("Emails", campaign.emails_sent),
        ("Opened by", _share(campaign.opened, campaign)),
        ("Clicked by", _share(campaign.clicked, campaign)),
        ("Unsubscribed", _share(campaign.unsubscribed, campaign)),
        ("Last look at the report", in_words(campaign.reported_at)),
    ]
    return [(label, value) for label, value in facts if value not in ("", None)]


def _page_url(issue: IssuePage | None, user: Any) -> str:
    """Where a person gets to the page of an issue: its form, or what readers see; empty where there is neither."""
    if issue is None:
        return ""
    if issue.permissions_for_user(user).can_edit():
        return reverse("wagtailadmin_pages:edit", args=[issue.pk])
    return (issue.url or "") if issue.live else ""


def _share(count: int | None, campaign: Campaign) -> str:
    """A number of people with what part of all it is."""
    if count is None:
        return ""
    return f"{count} ({round(100 * count / campaign.emails_sent)}%)" if campaign.emails_sent else str(count)


class CampaignAdmin(ReadOnlyAdmin):
    """Registers the issues in the admin."""

    model = Campaign
    menu_label = "Issues by email"
    menu_icon = "mail"
    permission_helper_class = CampaignPermissionHelper
    index_view_class = CampaignIndexView
    inspect_view_class = DeskView
    list_display = ("title", "standing", "date", "emails_sent", "opened_by", "clicked_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        return Campaign.objects.defer("html", "plain_text")

    @display(description="state")
    def standing(self, campaign: Campaign) -> str:
        weight = " w-status--primary" if campaign.state == CampaignState.FAILED else ""
        return format_html('<span class="w-status{} newsletter-state">{}</span>', weight, campaign.get_state_display())

    @display(description="sent, or to be sent")
    def date(self, campaign: Campaign) -> str:
        planned = campaign.send_at if campaign.state == CampaignState.SCHEDULED else None
        return in_words(campaign.sent_at or planned)

    @display(description="opened by")
    def opened_by(self, campaign: Campaign) -> str:
        return _share(campaign.opened, campaign)

    @display(description="clicked by")
    def clicked_by(self, campaign: Campaign) -> str:
        return _share(campaign.clicked, campaign)

    @method_decorator(require_safe)
    @method_decorator(csp_replace({"script-src": [NONE]}))  # an email has no scripts, so none shall run
    @method_decorator(xframe_options_sameorigin)
    def email_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """The email as it was approved, or as it would be sent now."""
        return HttpResponse(self._content(request, instance_pk, "html"))

    @method_decorator(require_safe)
    def text_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """The plain text that goes with it."""
        text = self._content(request, instance_pk, "plain_text")
        return HttpResponse(text, content_type="text/plain; charset=utf-8")

    def _content(self, request: HttpRequest, instance_pk: str, name: str) -> str:
        campaign = get_object_or_404(Campaign, pk=self.pk_for(request, instance_pk))
        source = desk.letter_in_hand(campaign) if campaign.may_be_asked_for else campaign
        return getattr(source or campaign, name)

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        """The listing, the desk, and the email in both forms."""
        return (
            *super().get_admin_urls_for_registration(),
            self.url_of_one("email", self.email_view),
            self.url_of_one("text", self.text_view),
        )
