"""Editors see every page before it is saved, half-filled or full."""

import re
from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Page

from core.checks import own_page_models
from core.fields import StreamField
from home.models import HomePage
from newsletter.models import IssuePage
from tests import factories as make
from tests.block_values import leave_stream_empty
from tests.html import all_pages, parse, problems

MODELS = [pytest.param(model, id=model.__name__) for model in own_page_models()]
# Every page type in every way in which it can be previewed.
LOOKS = [
    *(pytest.param(model, "", id=model.__name__) for model in own_page_models()),
    pytest.param(IssuePage, "email", id="IssuePage as an email"),
]


def unsaved(model: type, tree: Any, **fields: Any) -> Any:
    """A page as Wagtail makes it for a preview before it was ever saved: with a place in the tree, and no key."""
    place = (
        next(page for page in vars(tree).values() if page._meta.label in model.parent_page_types)
        if ("wagtailcore.Page" not in model.parent_page_types)
        else Page.get_first_root_node()
    )
    place.refresh_from_db()
    page = make.FACTORIES[model].build(**fields)
    page.depth = place.depth + 1
    page.path = page._get_path(place.path, page.depth, 99)
    page.set_url_path(place)
    return page


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("full", [False, True], ids=["title alone", "full"])
def test_a_page_that_was_never_saved_can_be_previewed(tree, model, full):
    page = unsaved(model, tree, full=full)
    answer = page.make_preview_request()
    assert answer.status_code == 200
    # A home page stands for a site only once it is saved.
    assert problems(answer.content.decode(), is_page=model is not HomePage) == []
    assert "private" in answer["Cache-Control"]
    assert not model.objects.filter(title=page.title).exists()


@pytest.mark.parametrize(("model", "mode"), LOOKS)
def test_a_page_whose_blocks_were_added_and_not_yet_filled_can_be_previewed(tree, model, mode):
    """One of each kind of block, as it is before anything is typed or chosen: the most half-filled a page can be."""
    page = unsaved(model, tree)
    for field in model._meta.get_fields():
        if isinstance(field, StreamField):
            setattr(page, field.name, field.stream_block.to_python(leave_stream_empty(field.stream_block)))
    answer = page.make_preview_request(preview_mode=mode)
    assert answer.status_code == 200
    shown = parse(answer.content.decode()).get_text(" ")
    assert not re.search(r"\bNone\b", shown)


@pytest.mark.parametrize(("model", "mode"), LOOKS)
def test_a_page_without_even_a_place_can_be_previewed(tree, model, mode):
    answer = model(title="Just a title").make_preview_request(preview_mode=mode)
    assert answer.status_code == 200


def test_the_draft_of_a_page_can_be_seen_by_its_editor_and_by_nobody_else(tree, client, editor_client):
    tree.about.title = "Words of the draft"
    tree.about.save_revision()
    address = reverse("wagtailadmin_pages:view_draft", args=[tree.about.pk])
    assert "Words of the draft" in editor_client.get(address).content.decode()
    assert client.get(address).status_code == 302
    assert "Words of the draft" not in client.get("/about/").content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_an_editor_sees_a_half_filled_page_in_the_preview_panel(tree, editor_client, model):
    """A title and nothing else, before the first save: the panel beside the form must show a page."""
    if model.max_count:
        model.objects.get().delete()
    parents = [page for page in all_pages() if page._meta.label in model.parent_page_types]
    place = parents[0].pk if parents else Page.get_first_root_node().pk
    names = (model._meta.app_label, model._meta.model_name, place)
    data = {**empty_streams(model), "title": "Half a page", "slug": "half-a-page"}
    address = reverse("wagtailadmin_pages:preview_on_add", args=names)
    assert editor_client.post(address, data).json() == {"is_valid": True, "is_available": True}
    shown = editor_client.get(address)
    assert shown.status_code == 200
    assert "Half a page" in shown.content.decode() or model.__name__ == "ThankYouPage"
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert "no-store" in shown["Cache-Control"] or "private" in shown["Cache-Control"]


def empty_streams(model: type) -> dict[str, Any]:
    """What the form of a page sends for fields that hold nothing yet."""
    form = model.get_edit_handler().get_form_class()
    data = {name: field.initial for name, field in form.base_fields.items() if isinstance(field.initial, str)}
    for name in form.base_fields:
        if isinstance(next((f for f in model._meta.fields if f.name == name), None), StreamField):
            data[f"{name}-count"] = "0"
    for name in form.formsets if hasattr(form, "formsets") else form._meta.formsets:
        data |= {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"}
    if "date" in form.base_fields:
        data["date"] = "21/11/2026"
    for choice in ("kind", "status", "ground", "group"):
        field = form.base_fields.get(choice)
        if field is not None and hasattr(field, "choices") and not hasattr(field, "queryset"):
            data[choice] = field.initial if isinstance(field.initial, str) else next(iter(field.choices))[0]
    return data
