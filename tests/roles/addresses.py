"""Every address of the admin, from the URL configuration, with what stands in for its variable parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import get_resolver, reverse
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.contrib.settings.registry import registry as settings_registry


@dataclass(frozen=True)
class Address:
    """An address as the URL configuration has it, one that it stands for, and what is sent there by POST."""

    route: str
    path: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class Route:
    """A line of the URL configuration: the pattern, the name with its namespaces, the names of its variables."""

    pattern: str
    name: str
    variables: list[str] = field(default_factory=list)


# Addresses without a name, which nothing can be asked to build.
UNNAMED = {"admin/test404/": "/admin/test404/", "admin/.*/": "/admin/there/is/no/such/page/"}
NEWS = {"content_type_app_name": "news", "content_type_model_name": "newsarticlepage"}
# Variables that mean the same wherever they stand. Others are found by the namespace or model of their address.
ANYWHERE = {
    **NEWS,
    "filter_spec": "width-10",
    "kind": "csv",
    "action_name": "approve",
    "uidb64": "MQ",
    "token": "set-password",
    "picture": "write-menu",
}


def routes() -> list[Route]:
    """Every line under admin/; of two with the same pattern the first, which is the one that answers."""
    found: dict[str, Route] = {}

    def walk(patterns: Any, prefix: str, spaces: list[str], variables: list[str]) -> None:
        for part in patterns:
            pattern = prefix + re.sub(r"^\^|\$$", "", str(part.pattern))
            names = [*variables, *part.pattern.regex.groupindex]
            if hasattr(part, "url_patterns"):
                walk(part.url_patterns, pattern, [*spaces, part.namespace] if part.namespace else spaces, names)
            elif pattern.startswith("admin/"):
                found.setdefault(pattern, Route(pattern, ":".join([*spaces, part.name or ""]), names))

    walk(get_resolver().url_patterns, "", [], [])
    return list(found.values())


def addresses(things: dict[str, Any]) -> list[Address]:
    """Every address, with the samples' keys in it."""
    return [address for route in routes() for address in _of_route(route, things)]


def _of_route(route: Route, things: dict[str, Any]) -> Iterator[Address]:
    if not route.name.rpartition(":")[2]:
        yield Address(route.pattern, UNNAMED[route.pattern])
        return
    if route.name == "wagtailadmin_pages:revisions_compare":
        yield Address(route.pattern, reverse(route.name, args=[things["page"].pk, "earliest", "latest"]))
        return
    if route.name == "wagtail_bulk_action":
        yield from _bulk_actions(route, things)
        return
    data = {"destination_page_id": things["destination"].pk, "revision_id": things["first revision"].pk}
    for said, values in _values(route, things):
        yield Address(f"{route.pattern}{said}", reverse(route.name, kwargs=values), data)


def _values(route: Route, things: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the variables of a route stand for; more than once where an address has many meanings."""
    page = things["page"].pk
    if route.name == "wagtailadmin_api:pages:action":
        for action in sorted(PagesAdminAPIViewSet.actions):
            yield f" {action}", {"pk": things["alias"].pk if "alias" in action else page, "action_name": action}
    elif route.name.startswith("wagtailsettings:"):
        for model in settings_registry:
            values = {"app_name": model._meta.app_label, "model_name": model._meta.model_name}
            values |= {"pk": things["site"].pk} if "pk" in route.variables else {}
            yield f" {model._meta.label_lower}", values
    else:
        yield "", {name: _value(route, name, things) for name in route.variables}


def _bulk_actions(route: Route, things: dict[str, Any]) -> Iterator[Address]:
    """What can be done to many records at once, asked for one of them."""
    bulk_action_registry._scan_for_bulk_actions()
    samples = {"siteimage": "image", "sitedocument": "document"}
    for app, models in bulk_action_registry.actions.items():
        for model, actions in models.items():
            record = things[samples.get(model, model)]
            for action in sorted(actions):
                path = reverse(route.name, kwargs={"app_label": app, "model_name": model, "action": action})
                yield Address(f"{route.pattern} {app}.{model} {action}", f"{path}?id={record.pk}")


# Addresses whose variables are told apart by more than their names: (part of the route's name, variable) -> sample.
SPECIAL = {
    (":convert_alias", "page_id"): "alias",
    ("unschedule", "page_id"): "scheduled",
    ("unschedule", "revision_id"): "scheduled revision",
    ("workflow_preview", "task_id"): "task",
    ("workflow", "page_id"): "submitted",
    ("confirm_workflow_cancellation", "page_id"): "submitted",
    (":unlock", "page_id"): "locked",
    ("revisions_", "revision_id"): "first revision",
    ("choose_page_child", "parent_page_id"): "section",
    (":preview_on_add", "parent_page_id"): "section",
    ("create_multiple_from_uploaded_image", "uploaded_file_id"): "uploaded image",
    ("wagtailimages:delete_upload", "uploaded_file_id"): "uploaded image",
    ("", "uploaded_file_id"): "uploaded document",
    ("", "page_id"): "page",
    ("", "page_pk"): "section",
    ("", "parent_page_id"): "section",
    ("", "page_to_move_id"): "page",
    ("", "destination_id"): "destination",
    ("", "task_state_id"): "task state",
    ("", "workflow_state_id"): "workflow state",
    ("", "workflow_pk"): "workflow",
    ("", "task_id"): "task",
    ("", "image_id"): "image",
    ("", "document_id"): "document",
    ("", "doc_id"): "document",
    ("", "redirect_id"): "redirect",
    ("", "query_id"): "query",
    ("", "collection_id"): "collection",
    ("", "session_id"): "editing session",
    ("pages:", "pk"): "page",
    ("documents:", "pk"): "document",
    ("docs_chooser:", "pk"): "document",
    ("images:", "pk"): "image",
    ("images_chooser:", "pk"): "image",
    ("collections:", "pk"): "collection",
    ("task", "pk"): "task",
    ("wagtailadmin_workflows:", "pk"): "workflow",
    ("sites:", "pk"): "site",
    ("_users:", "pk"): "user",
    ("second_factor_reset", "pk"): "user",
    ("feedback-comments", "pk"): "page",
    ("ignore-link", "pk"): "broken link",
    ("starting-points-save", "pk"): "page",
    ("recycle_bin", "pk"): "deleted",
    ("_groups:", "pk"): "group",
}


def _value(route: Route, variable: str, things: dict[str, Any]) -> Any:
    """What one variable stands for.

    Raises:
        LookupError: nothing here does; add a sample to `SPECIAL` or `ANYWHERE`.
    """
    if variable in ANYWHERE:
        return ANYWHERE[variable]
    if variable == "object_id":
        return things["page"].pk
    if variable in ("app_label", "app_name", "model_name"):
        app, model = _model(route)
        return model if variable == "model_name" else app
    for (part, name), sample in SPECIAL.items():
        if name == variable and part in route.name:
            return things[sample].pk
    for model in sorted(things, key=len, reverse=True):  # snippets and modeladmin have the model in their names
        if re.search(rf"_{model}(_|:)", route.name):
            return things[model].pk
    raise LookupError(f"tests/roles/addresses.py knows no sample for {variable!r} in {route.name} ({route.pattern})")


def _model(route: Route) -> tuple[str, str]:
    """The app and the name of a model that an address may name."""
    if "task" in route.name:
        return "wagtailcore", "groupapprovaltask"
    if "tag" in route.name.rpartition(":")[2].split("_"):
        return "taggit", "tag"
    return ("home", "standardpage") if "editing_sessions" in route.name else ("news", "newsarticlepage")
