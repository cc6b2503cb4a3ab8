"""Secrets of people's apps are encrypted (accounts.sealing), each when it is next used: until then both are read, so
that the release before goes on meanwhile. Going back decrypts them all.
"""

from django.db import migrations

from accounts.sealing import Unreadable, is_sealed, unseal


def decrypt(apps, schema_editor):
    devices = apps.get_model("otp_totp", "TOTPDevice").objects.using(schema_editor.connection.alias)
    for device in devices.all():
        if is_sealed(device.key):
            try:
                devices.filter(pk=device.pk).update(key=unseal(device.key).hex())
            except Unreadable:
                continue  # of another SECRET_KEY: it was of no use before


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_starting_points"), ("otp_totp", "0003_add_timestamps")]
    operations = [
        migrations.CreateModel(
            name="App",
            fields=[],
            options={"proxy": True, "indexes": [], "constraints": []},
            bases=("otp_totp.totpdevice",),
        ),
        migrations.RunPython(migrations.RunPython.noop, decrypt),
    ]
