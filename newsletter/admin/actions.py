"""What people do with the mailing list, as Wagtail's log keeps it: who, when and how many, never whom by address."""

from typing import Any

from wagtail.log_actions import LogActionRegistry, LogFormatter, log

from newsletter.models import Campaign, Subscriber

ERASE = "newsletter.erase"
DOWNLOAD = "newsletter.download"
EXPORT = "newsletter.export"
RELEASE = "newsletter.release"
TEST_ISSUE = "newsletter.test_issue"
SEND_ISSUE = "newsletter.send_issue"
SCHEDULE_ISSUE = "newsletter.schedule_issue"
CANCEL_ISSUE = "newsletter.cancel_issue"


def note(subscriber: Subscriber, action: str, user: Any) -> None:
    """Log something done with one person, who is called by their number."""
    log(instance=subscriber, action=action, user=user, title=f"Subscriber {subscriber.pk}")


def note_many(action: str, user: Any, count: int, **data: Any) -> None:
    """Log something done with many people at once.

    Args:
        count: how many.
        data: what else to keep, without personal data.
    """
    # The log is about records, and this is about none of them in particular.
    everybody = Subscriber(pk=0)
    log(instance=everybody, action=action, user=user, title="Mailing list", data={"count": count} | data)


def note_issue(campaign: Campaign, action: str, user: Any) -> None:
    """Log something asked for about an issue."""
    log(instance=campaign, action=action, user=user, title=campaign.title)


def register(actions: LogActionRegistry) -> None:
    """Tell Wagtail's reports the words for these actions."""
    actions.register_action(ERASE, "Erase a person", "Erased for good")
    actions.register_action(DOWNLOAD, "Download what is held on a person", "Downloaded what is held on them")

    actions.register_action(TEST_ISSUE, "Test an issue", "Had a test of the issue sent")
    actions.register_action(SEND_ISSUE, "Send an issue", "Had the issue sent")
    actions.register_action(SCHEDULE_ISSUE, "Schedule an issue", "Scheduled the issue")
    actions.register_action(CANCEL_ISSUE, "Cancel an issue", "Cancelled the sending of the issue")

    @actions.register_action(EXPORT)
    class Export(LogFormatter):
        label = "Export the mailing list"

        def format_message(self, log_entry: Any) -> str:
            return f"Exported {log_entry.data['count']} people as {log_entry.data['format'].upper()}"

    @actions.register_action(RELEASE)
    class Release(LogFormatter):
        label = "Release held sign-ups"

        def format_message(self, log_entry: Any) -> str:
            return f"Released {log_entry.data['count']} held sign-ups"
