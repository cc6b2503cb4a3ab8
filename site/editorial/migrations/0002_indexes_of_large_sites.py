"""Indexes on Wagtail's own tables. Without them the first page, the site history, the calendar and the scheduler read whole
rows of all pages, revisions or log entries of a large site (python -m tests.benchmarks.admin). The names are ours, so
that none of Wagtail's is touched.
"""

from django.db import migrations

INDEXES = {
    "editorial_page_published": "wagtailcore_page (last_published_at)",
    "editorial_page_expiry": "wagtailcore_page (expire_at) WHERE expire_at IS NOT NULL",
    "editorial_page_drafts": "wagtailcore_page (latest_revision_created_at) WHERE has_unpublished_changes",
    "editorial_revision_schedule": "wagtailcore_revision (approved_go_live_at) WHERE approved_go_live_at IS NOT NULL",
    "editorial_log_of_page": "wagtailcore_pagelogentry (page_id, timestamp)",
    "editorial_log_deleted": "wagtailcore_pagelogentry (page_id) WHERE deleted",
    "editorial_log_of_user": "wagtailcore_pagelogentry (user_id, action, page_id, timestamp)",
}


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]
    operations = [
        migrations.RunSQL(f"CREATE INDEX IF NOT EXISTS {name} ON {columns}", f"DROP INDEX IF EXISTS {name}")
        for name, columns in INDEXES.items()
    ]
