"""The mailing list: sign-up, consent, outbox and the way to Mailchimp. It knows core and no other app."""

from django.apps import AppConfig

from core.backup.rules import CopyRule

# A copy knows neither who has left since, nor what was delivered since. So deliveries wait in it, and the whole list is
# compared from its beginning (newsletter.queue, newsletter.reconcile).
_HOLD = (
    "INSERT INTO newsletter_queuestate (id, copied_at, reconciled_until, paused_reason, alert_due, account_name,"
    " audience_name, webhook_id, webhook_signing_secret) VALUES (1, {moment}, NULL, '', FALSE, '', '', '', '')"
    " ON CONFLICT (id) DO UPDATE SET copied_at = excluded.copied_at, reconciled_until = NULL"
)
_BEGIN_ANEW = (
    "UPDATE newsletter_reconciliation SET finished_at = {moment}, error = 'It was under way when this copy was made.'"
    " WHERE finished_at IS NULL"
)


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = "Newsletter"
    copy_rules = (
        CopyRule(
            sql=(_HOLD, _BEGIN_ANEW),
            told="Deliveries to Mailchimp wait until the worker has compared the whole list with Mailchimp's.",
            otherwise="Before the worker starts, compare the whole list with Mailchimp's: manage.py reconcile --full",
        ),
    )
