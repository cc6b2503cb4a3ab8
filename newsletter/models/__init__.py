"""Models of the mailing list."""

from newsletter.models.campaigns import Campaign, CampaignState, Recipients
from newsletter.models.consent import Basis, Consent, ConsentWording, OptInMode
from newsletter.models.counting import DailyCount, SignUpTrace
from newsletter.models.history import Transition
from newsletter.models.interests import Interest
from newsletter.models.issues import IssuePage, IssuesPage
from newsletter.models.outbox import Desired, OutboxEntry, Outcome, QueueState
from newsletter.models.pages import NewsletterPage, ThankYouPage
from newsletter.models.reconciliation import Reconciliation
from newsletter.models.subscriber import Subscriber
from newsletter.models.webhooks import WebhookEvent

__all__ = [
    "Basis",
    "Campaign",
    "CampaignState",
    "Consent",
    "ConsentWording",
    "DailyCount",
    "Desired",
    "Interest",
    "IssuePage",
    "IssuesPage",
    "NewsletterPage",
    "OptInMode",
    "OutboxEntry",
    "Outcome",
    "QueueState",
    "Recipients",
    "Reconciliation",
    "SignUpTrace",
    "Subscriber",
    "ThankYouPage",
    "Transition",
    "WebhookEvent",
]
