"""Whether newcomers are asked to confirm by email."""

from django.conf import settings


def confirmation_expected() -> bool:
    """Whether a sign-up made now will have to be confirmed, as far as is known without asking Mailchimp.

    MAILCHIMP_DOUBLE_OPT_IN says so, or, when it is `auto`, the audience as the worker last saw it. Before that
    is known the answer is yes, as is Mailchimp's advice.
    """
    if settings.MAILCHIMP_DOUBLE_OPT_IN != "auto":
        return settings.MAILCHIMP_DOUBLE_OPT_IN == "on"
    from newsletter.models.outbox import QueueState

    seen = QueueState.objects.filter(pk=QueueState.PK).values_list("double_opt_in", flat=True).first()
    return seen is not False
