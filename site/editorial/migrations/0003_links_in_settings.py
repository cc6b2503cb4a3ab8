"""Links in settings are kept beside those on pages."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def forget_links_in_settings(apps: Any, schema_editor: Any) -> None:
    """On the way back: a link without a page is unknown there."""
    apps.get_model("editorial", "PageLink").objects.filter(page=None).delete()


class Migration(migrations.Migration):
    dependencies = [("editorial", "0002_indexes_of_large_sites")]
    operations = [
        migrations.AlterModelOptions(name="pagelink", options={"verbose_name": "link"}),
        migrations.AddField(
            model_name="pagelink",
            name="setting",
            field=models.CharField(
                blank=True,
                db_index=True,
                help_text="The model of the setting that it stands in, instead of a page: core.navigation.",
                max_length=100,
            ),
        ),
        migrations.AlterField(
            model_name="pagelink",
            name="page",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="editorial_links",
                to="wagtailcore.page",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_links_in_settings),
        migrations.AddConstraint(
            model_name="pagelink",
            constraint=models.CheckConstraint(
                condition=models.Q(page__isnull=False, setting="") | models.Q(page__isnull=True, setting__gt=""),
                name="link_on_a_page_or_in_a_setting",
            ),
        ),
    ]
