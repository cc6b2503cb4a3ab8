"""Models of the mailing list."""

from newsletter.models.consent import Basis, Consent, ConsentWording, OptInMode
from newsletter.models.history import Transition
from newsletter.models.outbox import Desired, OutboxEntry, Outcome, QueueState
from newsletter.models.pages import NewsletterPage, ThankYouPage
from newsletter.models.subscriber import Subscriber

__all__ = [
    "Basis",
    "Consent",
    "ConsentWording",
    "Desired",
    "NewsletterPage",
    "OptInMode",
    "OutboxEntry",
    "Outcome",
    "QueueState",
    "Subscriber",
    "ThankYouPage",
    "Transition",
]
