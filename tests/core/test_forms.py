"""The forms in which editors write: what they say, what they count, and what a draft may lack."""

import re
from typing import Any

import pytest
from django.db.models import CharField, TextField
from django.urls import reverse
from wagtail import blocks
from wagtail.blocks.base import Block
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

from core.checks import own_page_models
from programmes.models import ProgrammePage
from tests import factories as make
from tests.core.test_block_previews import blocks_that_editors_choose
from tests.html import parse

MODELS = [pytest.param(model, id=model.__name__) for model in own_page_models()]
# What their names say already: the text of a page, and the times whose panel explains both.
SAYS_ITSELF = {"body", "go_live_at", "expire_at", "comment_notifications"}


def field_panels(panel: Any) -> list[Any]:
    """The panels of single fields inside a panel, in their order."""
    if hasattr(panel, "field_name"):
        return [panel]
    return [found for child in getattr(panel, "children", ()) for found in field_panels(child)]


def panels_of(model: Any) -> dict[str, Any]:
    return {panel.field_name: panel for panel in field_panels(model.get_edit_handler())}


@pytest.mark.parametrize("model", MODELS)
def test_every_field_says_what_to_write(model):
    form = model.get_edit_handler().get_form_class().base_fields
    silent = [
        name
        for name, panel in panels_of(model).items()
        if not (panel.help_text or (name in form and form[name].help_text)) and name not in SAYS_ITSELF
    ]
    assert silent == []


def fields_inside(block: Block, path: str = "") -> list[tuple[str, Any]]:
    """The fields of a block and of the blocks in it: `[("QuotationBlock.source", CharBlock)]`."""
    if isinstance(block, blocks.ListBlock):
        return fields_inside(block.child_block, path)
    if isinstance(block, blocks.StructBlock):
        name = type(block).__name__
        return [found for key, child in block.child_blocks.items() for found in fields_inside(child, f"{name}.{key}")]
    return [(path, block)] if path and hasattr(block, "field") else []


def test_every_field_of_a_block_says_what_to_write():
    explained = {"PictureBlock.image", "DataTableBlock.table", "DownloadBlock.document", "RelatedPagesBlock.pages"}
    explained |= {"BeliefBlock.stories", "DescribedImageBlock.image"}  # the list or block around the field says it
    silent = {
        path
        for block in blocks_that_editors_choose().values()
        for path, field in fields_inside(block)
        if not field.field.help_text
    }
    assert silent <= explained


def test_the_form_of_a_picture_says_what_its_description_is_for(editor_client):
    chooser = editor_client.get(reverse("wagtailimages_chooser:choose")).json()["html"]
    page = editor_client.get(reverse("wagtailimages:edit", args=[make.SiteImageFactory().pk])).content.decode()
    for shown in (chooser, page):
        assert "the alt text wherever the picture is put" in parse(shown).get_text()


@pytest.mark.parametrize("model", MODELS)
def test_titles_and_descriptions_count_their_characters(model):
    panels = panels_of(model)
    counted = {name for name, panel in panels.items() if panel.attrs.get("data-controller") == "counter"}
    wanted = {"title", "introduction", "seo_title", "search_description", "listing_title", "listing_summary"}
    assert wanted & panels.keys() <= counted


def form(editor_client: Any, page: Page) -> Any:
    return parse(editor_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode())


def test_the_form_has_the_counters_and_their_script(tree, editor_client):
    document = form(editor_client, tree.about)
    about = {
        panel.find(["input", "textarea"])["name"]: panel["data-counter-about-value"]
        for panel in document.select("[data-controller=counter]")
    }
    assert {"title": "70", "introduction": "300", "search_description": "160"}.items() <= about.items()
    assert document.select("script[src*='admin/counter']")
    title = document.select_one("#id_title")
    assert "w-sync" in title["data-controller"]  # the address still follows the title


def test_times_to_publish_say_that_they_are_london_time(tree, editor_client, editor):
    dialog = form(editor_client, tree.about).select_one("[id*=schedule-publishing-dialog], .publishing")
    assert "London time" in str(dialog)
    page = editor_client.get(reverse("wagtailadmin_account"))
    assert "current_time_zone" not in page.content.decode()  # nobody can choose another


@pytest.mark.parametrize(
    ("model", "field"), [("news/newsarticlepage", "date"), ("programmes/programmepage", "closing_date")]
)
def test_dates_say_of_which_place_they_are(tree, editor_client, model, field):
    parent = tree.news if model.startswith("news") else tree.programmes
    page = parse(editor_client.get(f"/admin/pages/add/{model}/{parent.pk}/").content.decode())
    assert "London" in page.select_one(f"#panel-child-content-{field}-section, [id$={field}-helptext]").get_text()


def test_a_new_piece_of_news_has_the_date_of_today(tree, editor_client, time_machine):
    time_machine.move_to("2026-07-01T23:30:00Z", tick=False)  # half past midnight in London
    page = parse(editor_client.get(f"/admin/pages/add/news/newsarticlepage/{tree.news.pk}/").content.decode())
    assert page.select_one("#id_date")["value"] == "02/07/2026"


# --- A draft may lack almost everything ----------------------------------------------------------------

UNFINISHED = [
    ("call_to_action", {"heading": "", "text": "", "link": {"page": "", "address": "", "label": ""}}),
    ("video", {"address": "", "title": "", "transcript": "null"}),
    ("quotation", {"quotation": "", "source": "", "source_detail": ""}),
    ("heading", {"text": "", "level": "2"}),
]


@pytest.mark.parametrize("block", [pytest.param(block, id=block[0]) for block in UNFINISHED])
@pytest.mark.parametrize("publish", [False, True])
def test_an_unfinished_block_stops_no_draft_but_is_named_when_published(tree, editor_client, block, publish):
    data = {"title": "About", "slug": "about", "introduction": "", "body": streamfield([block])}
    data |= {"action-publish": "1"} if publish else {}
    answer = editor_client.post(
        reverse("wagtailadmin_pages:edit", args=[tree.about.pk]), nested_form_data(data), follow=True
    )
    assert ("could not be" in answer.content.decode()) is publish
    tree.about.refresh_from_db()
    assert (len(tree.about.get_latest_revision_as_object().body) == 1) is not publish


@pytest.mark.parametrize(
    ("first", "last", "saved"),
    [("", "2027-03-03", True), ("2027-03-01", "", True), ("2027-03-03", "2027-03-01", False)],
)
def test_dates_of_a_draft_may_lack_a_day_but_not_run_backwards(tree, editor_client, first, last, saved):
    page = make.ProgrammePageFactory()
    date = ("date", {"title": "", "starts_on": first, "ends_on": last, "place": ""})
    names = {name: streamfield([]) for name in ("body", "documents")}
    data = {"title": page.title, "slug": page.slug, "kind": "cohort", "status": "running", "how_to_apply": "null"}
    formset = {"chosen_stories": {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}}
    answer = editor_client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        nested_form_data(data | names | {"calendar_dates": streamfield([date])})
        | {f"chosen_stories-{name}": value for name, value in formset["chosen_stories"].items()},
        follow=True,
    )
    assert answer.status_code == 200
    draft = ProgrammePage.objects.get().get_latest_revision_as_object()
    assert len(draft.calendar_dates) == saved
    assert draft.make_preview_request().status_code == 200
    assert saved or re.search("The last day lies before the first", answer.content.decode())


def test_a_closing_date_is_shown_even_without_words_on_taking_part(tree, client):
    import datetime

    make.ProgrammePageFactory(slug="open", status="open", closing_date=datetime.date(2099, 1, 31))
    assert "31 January 2099" in client.get("/programmes/open/").content.decode()


# --- Where editors begin ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "section"),
    [
        ("programmes/casestorypage", "stories"),
        ("programmes/programmepage", "programmes"),
        ("news/newsarticlepage", "news"),
    ],
)
def test_the_menu_write_goes_to_the_form_with_the_parent_chosen(tree, editor_client, model, section):
    address = reverse("wagtailadmin_pages:choose_parent", args=model.split("/"))
    assert address in editor_client.get("/admin/").content.decode()
    answer = editor_client.get(address)
    assert answer.url == f"/admin/pages/add/{model}/{getattr(tree, section).pk}/"


def test_people_who_may_not_write_do_not_see_the_menu(tree, client, django_user_model):
    from django.contrib.auth.models import Permission

    reader = django_user_model.objects.create_user("reader", password="a long password for tests")
    reader.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(reader)
    assert "/admin/pages/create/" not in client.get("/admin/").content.decode()


# --- No field shows nothing ------------------------------------------------------------------------------

# One of the thank-you page's two pairs of words is shown, as the audience at Mailchimp is set; home's heading wins over
# its title.
SHOWN_AT_OTHER_TIMES = {
    "ThankYouPage": {"heading", "message"},
    "HomePage": {"title"},
    "IssuePage": {"subject", "preview_text"},
}


@pytest.mark.parametrize("model", MODELS)
def test_readers_see_every_text_that_an_editor_can_write(full_site, model):
    page = next(page for page in full_site if type(page) is model)
    content = {panel.field_name for tab in model.get_edit_handler().children[:1] for panel in field_panels(tab)}
    for field in model._meta.fields:
        if field.name in content and isinstance(field, CharField | TextField) and not field.choices:
            setattr(page, field.name, f"Seen {field.name}.")
    for rival in ("place", "author_person"):  # each wins over the words that stand in for it
        if hasattr(page, rival):
            setattr(page, rival, None)
    shown = parse(page.make_preview_request().content.decode()).get_text(" ")
    texts = {field.name for field in model._meta.fields if getattr(page, field.name) == f"Seen {field.name}."}
    assert {name for name in texts if f"Seen {name}." not in shown} == SHOWN_AT_OTHER_TIMES.get(model.__name__, set())
