"""The group "Newsletter manager" may also erase and export, edit topics, and read what the engine has noted."""

from django.db import migrations

GROUP = "Newsletter manager"
PERMISSIONS = {
    "subscriber": ("delete", "export"),
    "interest": ("view", "add", "change", "delete"),
    "reconciliation": ("view",),
    "webhookevent": ("view",),
}
NAMES = {"export_subscriber": "Can export subscribers"}


def extend_group(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    # Permissions are made after the last migration, so these are made here, as Django would make them.
    for model, actions in PERMISSIONS.items():
        content_type, _ = ContentType.objects.get_or_create(app_label="newsletter", model=model)
        name = apps.get_model("newsletter", model)._meta.verbose_name
        for action in actions:
            codename = f"{action}_{model}"
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type,
                codename=codename,
                defaults={"name": NAMES.get(codename, f"Can {action} {name}")},
            )
            group.permissions.add(permission)


def reduce_group(apps, schema_editor):
    Permission = apps.get_model("auth", "Permission")
    for group in apps.get_model("auth", "Group").objects.filter(name=GROUP):
        for model, actions in PERMISSIONS.items():
            codenames = [f"{action}_{model}" for action in actions]
            group.permissions.remove(
                *Permission.objects.filter(content_type__app_label="newsletter", codename__in=codenames)
            )


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0003_engine"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.AlterModelOptions(
            name="subscriber",
            options={
                "ordering": ("-signed_up_at", "-pk"),
                "permissions": [("export_subscriber", "Can export subscribers")],
                "verbose_name": "subscriber",
                "verbose_name_plural": "subscribers",
            },
        ),
        migrations.RunPython(extend_group, reduce_group),
    ]
