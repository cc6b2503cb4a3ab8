"""The tables of the search, and the full-text index beside them (core.search.tables)."""

import django.db.models.deletion
from django.db import migrations, models

from core.search.tables import create_index, drop_index


# Who writes pages may also say which of them a search shows first. Wagtail makes these groups.
EDITORS = ("Editors", "Moderators")


def let_editors_promote(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="wagtailsearchpromotions", model="searchpromotion")
    # Permissions are made after the last migration, so these are made here, as Django would make them.
    made = [
        Permission.objects.get_or_create(
            content_type=model,
            codename=f"{action}_searchpromotion",
            defaults={"name": f"Can {action} search promotion"},
        )[0]
        for action in ("add", "change", "delete", "view")
    ]
    for group in apps.get_model("auth", "Group").objects.filter(name__in=EDITORS):
        group.permissions.add(*made)


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_site'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        ('wagtailsearchpromotions', '0008_query_verbose_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchOutcome',
            fields=[
                ('query', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='outcome', serialize=False, to='wagtailsearchpromotions.query')),
                ('results', models.PositiveIntegerField(verbose_name='results')),
            ],
            options={
                'verbose_name': 'search outcome',
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('date', models.DateField(null=True)),
                ('title', models.TextField()),
                ('summary', models.TextField(blank=True)),
                ('body', models.TextField(blank=True)),
                ('document', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='search_entry', to='core.sitedocument')),
                ('page', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='search_entry', to='wagtailcore.page')),
            ],
            options={
                'verbose_name': 'search entry',
                'verbose_name_plural': 'search entries',
                'indexes': [models.Index(fields=['kind', 'id'], name='search_entry_kind')],
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('word', models.CharField(max_length=40)),
            ],
            options={
                'verbose_name': 'search word',
                'constraints': [models.UniqueConstraint(fields=('key', 'word'), name='unique_search_word')],
            },
        ),
        migrations.RunPython(create_index, drop_index),
        migrations.RunPython(let_editors_promote, migrations.RunPython.noop),
    ]
