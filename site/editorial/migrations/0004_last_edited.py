"""The list of pages in the admin, last edited first: with each page's place beside it, so that no page need be read to know
whether it is of the list. The place does not come first: SQLite would use the index for whatever asks for a level.
"""

from django.db import migrations

from core.operations import AddIndexOnTable


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("editorial", "0003_links_in_settings")]
    operations = [
        AddIndexOnTable(
            "editorial_page_edited", "wagtailcore_page", "latest_revision_created_at DESC NULLS LAST, depth, path"
        ),
    ]
