"""Site managers look after the starting points of pages. Everybody who may add a page may begin from one.

One is added by saving a page as such, which takes the right to change them.
"""

from django.db import migrations

ACTIONS = ("view", "change", "delete")
CODENAMES = [f"{action}_startingpoint" for action in ACTIONS]


def give_rights(apps, schema_editor):
    ContentType, Permission = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    kind, _ = ContentType.objects.get_or_create(app_label="core", model="startingpoint")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Site manager")
    for action, codename in zip(ACTIONS, CODENAMES):
        permission, _ = Permission.objects.get_or_create(
            content_type=kind, codename=codename, defaults={"name": f"Can {action} template"}
        )
        group.permissions.add(permission)


def take_rights(apps, schema_editor):
    Permission = apps.get_model("auth", "Permission")
    for group in apps.get_model("auth", "Group").objects.filter(name="Site manager"):
        group.permissions.remove(*Permission.objects.filter(codename__in=CODENAMES))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_roles"), ("core", "0005_starting_points")]
    operations = [migrations.RunPython(give_rights, take_rights)]
