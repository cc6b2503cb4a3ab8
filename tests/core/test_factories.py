"""The factories keep their promises, on which the tests of templates rest."""

import pytest
from django.apps import apps
from django.db.models import Field
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models

from core.checks import own_page_models
from tests import factories as make
from tests.html import all_pages

# Set by Wagtail or by code, or left out because its meaning is "no".
NOT_FILLED = {"noindex", "show_in_menus", "expire_at", "go_live_at", "map_seed", "map_sheet", "map_detail"}


def own_fields(model: type) -> list[Field]:
    """The fields that an editor of a page can fill."""
    names = {field.name for field in Page._meta.fields} - {"seo_title", "search_description"}
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in names | NOT_FILLED and field.editable and not field.primary_key
    ]


def test_every_page_type_and_snippet_has_a_factory():
    wanted = {
        *own_page_models(),
        *get_snippet_models(),
        *(apps.get_model("core", f"Site{x}") for x in ("Image", "Document")),
    }
    assert wanted <= make.FACTORIES.keys()


def test_full_leaves_no_field_and_no_kind_of_block_out(full_site):
    empty = []
    for page in full_site:
        for field in own_fields(type(page)):
            value = getattr(page, field.name)
            if not value:
                empty.append(f"{type(page).__name__}.{field.name}")
            elif isinstance(field, StreamField):
                kinds = {block.block_type for block in value}
                empty += [
                    f"{type(page).__name__}.{field.name}.{k}" for k in field.stream_block.child_blocks if k not in kinds
                ]
    assert empty == []


def test_what_full_makes_would_pass_an_editors_form(full_site):
    for page in full_site:
        page.full_clean()
        for field in own_fields(type(page)):
            if isinstance(field, StreamField):
                field.stream_block.clean(getattr(page, field.name))


def test_minimal_is_a_title_alone(tree):
    for page in all_pages():
        filled = [
            field.name
            for field in own_fields(type(page))
            if getattr(page, field.name) and not field.has_default() and field.name != "date"
        ]
        assert filled == [], type(page).__name__


@pytest.mark.parametrize("model", own_page_models(), ids=lambda model: model.__name__)
def test_full_site_has_every_type(full_site, model):
    assert any(type(page) is model for page in full_site)
