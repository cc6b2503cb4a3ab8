"""Where each page type may be put, and how often. A page type without a row here fails."""

import pytest
from wagtail.models import Page

from core.checks import own_page_models

# Parent, then what may lie beneath it. The tree has no other places for our pages.
CHILDREN = {
    "wagtailcore.Page": {"home.HomePage"},
    "home.HomePage": {
        "home.BeliefsPage",
        "home.PrinciplesPage",
        "home.StandardPage",
        "home.PeoplePage",
        "programmes.ProgrammesPage",
        "programmes.CaseStoriesPage",
        "news.NewsIndexPage",
        "changemaking.ChangeMakingPage",
        "newsletter.NewsletterPage",
    },
    "home.BeliefsPage": set(),
    "home.PrinciplesPage": set(),
    "home.StandardPage": {"home.StandardPage"},
    "home.PeoplePage": {"home.PersonPage"},
    "home.PersonPage": set(),
    "programmes.ProgrammesPage": {"programmes.ProgrammePage"},
    "programmes.ProgrammePage": set(),
    "programmes.CaseStoriesPage": {"programmes.CaseStoryPage"},
    "programmes.CaseStoryPage": set(),
    "news.NewsIndexPage": {"news.NewsArticlePage"},
    "news.NewsArticlePage": set(),
    "changemaking.ChangeMakingPage": {"changemaking.ApproachPage"},
    "changemaking.ApproachPage": set(),
    "newsletter.NewsletterPage": {"newsletter.ThankYouPage", "newsletter.IssuesPage"},
    "newsletter.IssuesPage": {"newsletter.IssuePage"},
    "newsletter.IssuePage": set(),
    "newsletter.ThankYouPage": set(),
}
AS_MANY_AS_ONE_LIKES = {
    "home.StandardPage",
    "home.PersonPage",
    "programmes.ProgrammePage",
    "programmes.CaseStoryPage",
    "news.NewsArticlePage",
    "changemaking.ApproachPage",
    "newsletter.IssuePage",
}
MODELS = {model._meta.label: model for model in own_page_models()}


def test_every_page_type_has_its_row():
    assert MODELS.keys() | {"wagtailcore.Page"} == CHILDREN.keys()
    assert MODELS.keys() >= AS_MANY_AS_ONE_LIKES


@pytest.mark.parametrize("label", CHILDREN)
def test_only_these_pages_can_be_made_beneath(label):
    parent = MODELS.get(label, Page)
    allowed = {model._meta.label for model in parent.allowed_subpage_models()}
    assert allowed & MODELS.keys() == CHILDREN[label]


@pytest.mark.parametrize("label", MODELS)
def test_there_is_one_of_each_section_and_any_number_of_the_rest(label):
    assert MODELS[label].max_count == (None if label in AS_MANY_AS_ONE_LIKES else 1)


def test_a_second_section_is_refused_once_there_is_one(tree):
    places = [Page.get_first_root_node(), *vars(tree).values()]
    for label, model in MODELS.items():
        assert any(model.can_create_at(place) for place in places) == (label in AS_MANY_AS_ONE_LIKES), label


def test_an_editor_is_offered_only_what_may_be_made(tree, editor_client):
    """Home has its sections already, so only one type is left, and Wagtail goes straight to its form."""
    answer = editor_client.get(f"/admin/pages/{tree.home.pk}/add_subpage/")
    assert answer.url == f"/admin/pages/add/home/standardpage/{tree.home.pk}/"
    tree.beliefs.delete()
    offered = editor_client.get(f"/admin/pages/{tree.home.pk}/add_subpage/").content.decode()
    assert f"/add/home/beliefspage/{tree.home.pk}/" in offered
    assert "/add/programmes/casestorypage/" not in offered


def test_an_editor_cannot_make_a_page_in_the_wrong_place(tree, editor_client):
    wrong = editor_client.get(f"/admin/pages/add/programmes/casestorypage/{tree.news.pk}/")
    assert wrong.status_code in (302, 403)
    assert editor_client.get(f"/admin/pages/add/programmes/casestorypage/{tree.stories.pk}/").status_code == 200
