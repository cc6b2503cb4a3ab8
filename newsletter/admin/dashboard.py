"""The newsletter on the admin's first page: whether sign-ups flow, what waits for somebody, how many there were."""

from typing import Any

from django.conf import settings
from django.db.models import Count, Min
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.formats import date_format
from wagtail.admin.ui.components import Component

from core.worker.presence import living_workers
from newsletter import statistics
from newsletter.admin import chart
from newsletter.admin.notices import current_notices
from newsletter.admin.permissions import MAY_ACT, MAY_LOOK, MAY_SEE_ISSUES
from newsletter.models import Campaign, CampaignState, DailyCount, OutboxEntry, QueueState, Reconciliation, Subscriber
from newsletter.states import State

WEEKS = 12
# How many issues that need attention are named.
MOST_ISSUES = 3
# What is counted of the mailing list itself: each is read off an index.
COUNTED = (State.SUBSCRIBED, State.AWAITING_CONFIRMATION, State.NEEDS_ATTENTION, State.HELD)


class NewsletterPanel(Component):
    """The panel. Empty for those who may not see the list."""

    name = "newsletter"
    order = 50
    template_name = "modeladmin/newsletter/panel.html"

    class Media:
        css = {"all": ["newsletter/admin.css"]}

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        request = parent_context["request"]
        if not request.user.has_perm(MAY_LOOK):
            return {"is_shown": False}
        queue = QueueState.load()
        return {
            "is_shown": True,
            "csrf_token": get_token(request),
            "notices": current_notices(queue),
            "may_act": request.user.has_perm(MAY_ACT),
            "listing": reverse("newsletter_subscriber_modeladmin_index"),
            "may_see_issues": request.user.has_perm(MAY_SEE_ISSUES),
            "issues": reverse("newsletter_campaign_modeladmin_index"),
            "connection": connection_in_words(queue),
            "queue": queue,
            "failed_issues": Campaign.objects.filter(state=CampaignState.FAILED).only("title", "reason")[:MOST_ISSUES],
            "last_comparison": last_comparison(),
            "worker_is_alive": bool(living_workers()),
            "numbers": numbers(),
            **sign_ups(),
            **unwelcome(),
        }


def connection_in_words(queue: QueueState) -> str:
    """Which account and audience sign-ups go to; empty when to none."""
    if not settings.MAILCHIMP_API_KEY:
        return ""
    return " · ".join(filter(None, (queue.account_name, queue.audience_name))) or "Not seen yet"


def last_comparison() -> Reconciliation | None:
    """The comparison with Mailchimp that came to its end last."""
    return Reconciliation.objects.filter(finished_at__isnull=False).first()


def numbers() -> dict[str, Any]:
    """How many people stand where, and what waits to be sent."""
    states = Subscriber.objects.filter(state__in=COUNTED).order_by().values_list("state").annotate(Count("pk"))
    waiting = OutboxEntry.objects.open().filter(held_at__isnull=True)
    counted = dict.fromkeys(COUNTED, 0) | dict(states)
    return {str(state): number for state, number in counted.items()} | waiting.aggregate(
        waiting=Count("pk"), oldest=Min("requested_at")
    )


def sign_ups() -> dict[str, Any]:
    """The sign-ups of the last weeks, for the chart and its table."""
    weeks = statistics.sign_ups_by_week(WEEKS)
    labels = [(date_format(week.start, "j M"), week.count) for week in weeks]
    return {
        "weeks": weeks,
        "bars": chart.bars(labels),
        "chart": chart,
        "total": sum(week.count for week in weeks),
        "most": max((week.count for week in weeks), default=0),
    }


def unwelcome() -> dict[str, int]:
    """What the guards of the form caught in the last seven days."""
    totals = statistics.totals(days=7)
    return {
        "robots": totals.get(DailyCount.Kind.TRAPPED, 0) + totals.get(DailyCount.Kind.FROM_ELSEWHERE, 0),
        "held_this_week": totals.get(DailyCount.Kind.HELD, 0),
    }
