"""What the worker's clock runs for the editors' reports."""

from datetime import timedelta

from core.worker.jobs import Job
from editorial.audit import audit_due, audit_setting, site_settings
from editorial.faults import settle
from editorial.outside.check import check_due, forget_unused


def settle_all() -> None:
    """See that no link was missed, such as those to documents that were moved in bulk, which tells nobody."""
    settle()
    for setting in site_settings():  # addresses of this site may come to nothing without a word
        audit_setting(setting)
    forget_unused()


JOBS = [
    Job("editorial/audit", timedelta(minutes=5), audit_due),
    Job("editorial/links-elsewhere", timedelta(minutes=10), check_due),
    Job("editorial/links-here", timedelta(days=1), settle_all),
]
