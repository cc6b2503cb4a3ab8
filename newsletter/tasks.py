"""Wake-ups for the worker. The truth about what to do is in the outbox."""

from datetime import datetime

from django_tasks import task
from django_tasks_db.models import DBTaskResult


@task(backend="background", queue_name="background")
def deliver_due_task() -> None:
    """Deliver what is due."""
    from newsletter.delivery import deliver_due  # here, so that web processes do not load Mailchimp's client

    deliver_due()


@task(backend="background", queue_name="background")
def act_on_messages_task() -> None:
    """Act on the messages from Mailchimp that are due."""
    from newsletter.inbox import act_on_messages

    act_on_messages()


@task(backend="background", queue_name="background")
def work_on_campaigns_task() -> None:
    """Do what is due with issues that are sent by email."""
    from newsletter.campaigns.work import work_on_campaigns

    work_on_campaigns()


def wake_campaigns() -> None:
    """Ask for a look at the campaigns now. For callers who ask seldom: each asks anew."""
    work_on_campaigns_task.enqueue()


def wake_worker() -> None:
    """Ask for a delivery now, unless a wake-up waits already: that one will see the newest entries too."""
    if not DBTaskResult.objects.ready().filter(task_path=deliver_due_task.module_path).exists():
        deliver_due_task.enqueue()


def wake_inbox(at: datetime) -> None:
    """Ask for a look at the messages from Mailchimp at a moment. For callers who ask seldom: each asks anew."""
    act_on_messages_task.using(run_after=at).enqueue()
