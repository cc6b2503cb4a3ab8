"""Issues of the newsletter, their sending by email, and the right to it for the group "Newsletter manager"."""

import core.fields
import django.db.models.deletion
import django.utils.timezone
import newsletter.models.campaigns
from django.conf import settings
from django.db import migrations, models


GROUP = "Newsletter manager"
PERMISSIONS = {"view_campaign": "Can view issue by email", "send_campaign": "Can send newsletter issues"}


def extend_group(apps, schema_editor):
    # Permissions are made after the last migration, so these are made here, as Django would make them.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="newsletter", model="campaign"
    )
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for codename, name in PERMISSIONS.items():
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


def reduce_group(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="newsletter", codename__in=PERMISSIONS
    )
    for group in apps.get_model("auth", "Group").objects.filter(name=GROUP):
        group.permissions.remove(*permissions)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('core', '0003_search'),
        ('newsletter', '0004_manager_rights'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='IssuePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('introduction', models.TextField(blank=True, help_text='One to three sentences under the title. Lists and search results use them too, unless you write others.', max_length=600, verbose_name='introduction')),
                ('listing_title', models.CharField(blank=True, help_text="Leave empty to use the page's title.", max_length=255, verbose_name='title in lists')),
                ('listing_summary', models.TextField(blank=True, help_text='Leave empty to use the introduction.', max_length=300, verbose_name='summary in lists')),
                ('social_title', models.CharField(blank=True, help_text="Leave empty to use the page's title.", max_length=255, verbose_name='title when shared')),
                ('noindex', models.BooleanField(default=False, help_text='Asks search engines not to list this page. Anyone with the address can still read it.', verbose_name='hide from search engines')),
                ('review_by', models.DateField(blank=True, help_text='When somebody should check that this page is still right.', null=True, verbose_name='review by')),
                ('subject', models.CharField(blank=True, max_length=150, verbose_name='subject')),
                ('preview_text', models.CharField(blank=True, max_length=150, verbose_name='preview text')),
                ('date', models.DateField(default=django.utils.timezone.localdate, help_text='The day readers see, in London.')),
                ('parts', core.fields.StreamField(blank=True, verbose_name='contents')),
                ('listing_image', models.ForeignKey(blank=True, help_text='Shown beside the page in lists. Leave empty for a drawn map, or none.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.siteimage', verbose_name='picture in lists')),
                ('social_image', models.ForeignKey(blank=True, help_text='At least 1200 by 630 pixels. Leave empty to use the picture in lists.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.siteimage', verbose_name='picture when shared')),
            ],
            options={
                'verbose_name': 'newsletter issue',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='IssuesPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('introduction', models.TextField(blank=True, help_text='One to three sentences under the title. Lists and search results use them too, unless you write others.', max_length=600, verbose_name='introduction')),
                ('listing_title', models.CharField(blank=True, help_text="Leave empty to use the page's title.", max_length=255, verbose_name='title in lists')),
                ('listing_summary', models.TextField(blank=True, help_text='Leave empty to use the introduction.', max_length=300, verbose_name='summary in lists')),
                ('social_title', models.CharField(blank=True, help_text="Leave empty to use the page's title.", max_length=255, verbose_name='title when shared')),
                ('noindex', models.BooleanField(default=False, help_text='Asks search engines not to list this page. Anyone with the address can still read it.', verbose_name='hide from search engines')),
                ('review_by', models.DateField(blank=True, help_text='When somebody should check that this page is still right.', null=True, verbose_name='review by')),
                ('listing_image', models.ForeignKey(blank=True, help_text='Shown beside the page in lists. Leave empty for a drawn map, or none.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.siteimage', verbose_name='picture in lists')),
                ('social_image', models.ForeignKey(blank=True, help_text='At least 1200 by 630 pixels. Leave empty to use the picture in lists.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.siteimage', verbose_name='picture when shared')),
            ],
            options={
                'verbose_name': 'newsletter issues',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='The title of the page, kept when the page is deleted.', max_length=255, verbose_name='issue')),
                ('state', models.CharField(choices=[('draft', 'Not sent'), ('testing', 'Test on its way'), ('queued', 'On its way to Mailchimp'), ('scheduled', 'Scheduled'), ('cancelling', 'Being cancelled'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Needs attention')], default='draft', max_length=16)),
                ('reason', models.CharField(blank=True, help_text='Why it stands there, in a sentence.', max_length=500, verbose_name='why')),
                ('subject', models.CharField(blank=True, max_length=150)),
                ('preview_text', models.CharField(blank=True, max_length=150)),
                ('html', models.TextField(blank=True)),
                ('plain_text', models.TextField(blank=True)),
                ('fingerprint', models.CharField(blank=True, help_text='SHA-256 of subject, preview text and content.', max_length=64)),
                ('recipients', models.CharField(choices=[('audience', 'Everybody who is subscribed'), ('segment', 'A segment'), ('tag', 'A tag')], default='audience', max_length=16)),
                ('segment_id', models.PositiveBigIntegerField(help_text="Mailchimp's number of the segment or tag.", null=True)),
                ('segment_name', models.CharField(blank=True, max_length=150)),
                ('send_at', models.DateTimeField(help_text='Empty: at once.', null=True, verbose_name='to be sent')),
                ('asked_at', models.DateTimeField(help_text='When a person last asked for something.', null=True)),
                ('test_addresses', models.TextField(blank=True, help_text='One a line; emptied as soon as the test is over.')),
                ('tested_at', models.DateTimeField(null=True)),
                ('tested_fingerprint', models.CharField(blank=True, max_length=64)),
                ('token', models.CharField(default=newsletter.models.campaigns.new_token, help_text="Part of the campaign's title there, by which it is found when the answer to making it was lost.", max_length=16, unique=True)),
                ('remote_id', models.CharField(blank=True, help_text="Mailchimp's name of the campaign.", max_length=32)),
                ('saved_fingerprint', models.CharField(blank=True, help_text='Of the content that is there.', max_length=64)),
                ('committed_at', models.DateTimeField(help_text='When it was told to send or schedule. Emptied once it is certain that it did neither.', null=True)),
                ('unsure_until', models.DateTimeField(help_text='A call that got no answer may still be running there until then.', null=True)),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('emails_sent', models.PositiveIntegerField(null=True, verbose_name='emails')),
                ('opened', models.PositiveIntegerField(help_text='People, not times.', null=True)),
                ('clicked', models.PositiveIntegerField(help_text='People, not times.', null=True)),
                ('unsubscribed', models.PositiveIntegerField(null=True)),
                ('reported_at', models.DateTimeField(null=True)),
                ('sequence', models.PositiveIntegerField(default=1, help_text='Raised by each wish of a person.')),
                ('due_at', models.DateTimeField(help_text='When a worker has to look at it; empty: never.', null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('lease_holder', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='begun')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                ('revision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision')),
                ('issue', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='campaign', to='newsletter.issuepage')),
            ],
            options={
                'verbose_name': 'issue by email',
                'verbose_name_plural': 'issues by email',
                'ordering': ('-created_at', '-pk'),
                'permissions': [('send_campaign', 'Can send newsletter issues')],
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at', 'id'], name='campaign_due')],
            },
        ),
        migrations.RunPython(extend_group, reduce_group),
    ]
