"""The roles Editor, Publisher and Site manager, with their rights, and the workflow by which publishers approve.

Wagtail's own groups "Editors" and "Moderators" are renamed: who is in them stays in them, and keeps every right that was
given by hand. Rights are added, never taken away. Back again, the groups get their old names and keep their people.
"""

from django.db import migrations

RENAMED = {"Editors": "Editor", "Moderators": "Publisher"}
PAGES = {
    "Editor": ("add", "change"),
    "Publisher": ("add", "change", "publish", "lock", "unlock"),
    # "bulk_delete" deletes and moves pages that have pages beneath them.
    "Site manager": ("add", "change", "publish", "lock", "unlock", "bulk_delete"),
}
FILES = ("add", "change", "choose")
MODELS = {
    "Editor": {
        ("programmes", "place"): ("view", "add", "change"),
        ("programmes", "theme"): ("view", "add", "change"),
    },
    "Publisher": {
        ("programmes", "place"): ("view", "add", "change", "delete"),
        ("programmes", "theme"): ("view", "add", "change", "delete"),
        ("news", "newscategory"): ("view", "add", "change", "delete"),
        ("changemaking", "approachgroup"): ("view", "add", "change", "delete"),
    },
    "Site manager": {
        ("programmes", "place"): ("view", "add", "change", "delete"),
        ("programmes", "theme"): ("view", "add", "change", "delete"),
        ("news", "newscategory"): ("view", "add", "change", "delete"),
        ("changemaking", "approachgroup"): ("view", "add", "change", "delete"),
        ("core", "sitesettings"): ("change",),
        ("core", "navigation"): ("change",),
        ("core", "user"): ("add", "change", "delete"),
        ("wagtailredirects", "redirect"): ("view", "add", "change", "delete"),
        ("wagtailsearchpromotions", "searchpromotion"): ("view", "add", "change", "delete"),
        ("wagtailcore", "workflow"): ("add", "change", "delete"),
        ("wagtailcore", "task"): ("add", "change", "delete"),
    },
}
WORKFLOW = {"Moderators approval": "Publication"}
TASK = {"Moderators approval": "Approval by a publisher"}


def permission(apps, label, model, action):
    """Get a permission; those that Django makes after the last migration are made here, as it would make them."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=label, model=model)
    try:
        name = apps.get_model(label, model)._meta.verbose_name
    except LookupError:  # made by a later migration
        name = model
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {name}"}
    )
    return found


def rename(model, names):
    """Rename records, unless the new name is taken."""
    for old, new in names.items():
        if not model.objects.filter(name=new).exists():
            model.objects.filter(name=old).update(name=new)


def give_rights(apps, group):
    group.permissions.add(permission(apps, "wagtailadmin", "admin", "access").pk)
    for (label, model), actions in MODELS[group.name].items():
        group.permissions.add(*(permission(apps, label, model, action).pk for action in actions))
    root = apps.get_model("wagtailcore", "Page").objects.filter(depth=1).first()
    if root is not None:
        for action in PAGES[group.name]:
            group.page_permissions.get_or_create(page=root, permission=permission(apps, "wagtailcore", "page", action))
    collection = apps.get_model("wagtailcore", "Collection").objects.filter(depth=1).first()
    if collection is not None:
        wanted = [(label, model, action) for action in FILES for label, model in
                  (("wagtailimages", "image"), ("wagtaildocs", "document"))]
        if group.name == "Site manager":
            wanted += [("wagtailcore", "collection", action) for action in ("add", "change", "delete")]
        for label, model, action in wanted:
            group.collection_permissions.get_or_create(
                collection=collection, permission=permission(apps, label, model, action)
            )


def make_workflow(apps, groups):
    """See that pages are submitted to somebody: the workflow that Wagtail made, or a new one if none is in use."""
    Workflow, Task = apps.get_model("wagtailcore", "Workflow"), apps.get_model("wagtailcore", "GroupApprovalTask")
    rename(Workflow, WORKFLOW)
    rename(apps.get_model("wagtailcore", "Task"), TASK)
    root = apps.get_model("wagtailcore", "Page").objects.filter(depth=1).first()
    if root is None:
        return
    WorkflowPage = apps.get_model("wagtailcore", "WorkflowPage")
    if not WorkflowPage.objects.filter(page=root).exists():
        ContentType = apps.get_model("contenttypes", "ContentType")
        kind, _ = ContentType.objects.get_or_create(app_label="wagtailcore", model="groupapprovaltask")
        task, _ = Task.objects.get_or_create(name=TASK["Moderators approval"], defaults={"content_type": kind})
        workflow, _ = Workflow.objects.get_or_create(name=WORKFLOW["Moderators approval"])
        apps.get_model("wagtailcore", "WorkflowTask").objects.get_or_create(workflow=workflow, task=task)
        WorkflowPage.objects.create(workflow=workflow, page=root)
    for task in Task.objects.filter(name=TASK["Moderators approval"]):
        task.groups.add(*groups)


def make_roles(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    rename(Group, RENAMED)
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in PAGES}
    for group in groups.values():
        give_rights(apps, group)
    make_workflow(apps, [groups["Publisher"], groups["Site manager"]])


def unmake_roles(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Group.objects.filter(name="Site manager").delete()
    rename(Group, {new: old for old, new in RENAMED.items()})
    rename(apps.get_model("wagtailcore", "Workflow"), {new: old for old, new in WORKFLOW.items()})
    rename(apps.get_model("wagtailcore", "Task"), {new: old for old, new in TASK.items()})


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("core", "0003_search"),
        ("programmes", "0001_initial"),
        ("news", "0001_initial"),
        ("changemaking", "0001_initial"),
        # After all that look for Wagtail's groups by their names.
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        ("wagtailsearchpromotions", "0008_query_verbose_name"),
    ]
    operations = [migrations.RunPython(make_roles, unmake_roles)]
