"""What readers may not see is found nowhere: no page, list, feed, search, sitemap, map or link tells of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, Site

from core import memory, visibility
from core.blocks.body import BodyBlock
from core.blocks.links import LinkBlock
from core.models import Navigation, SiteSettings
from home.blocks import BeliefBlock
from home.models import BeliefsPage, HomePage
from newsletter.campaigns.letter import letter_of
from newsletter.models import IssuePage
from recycle_bin.actions import put_in_bin
from tests import factories as make
from tests.html import all_pages
from tests.snapshot import as_it_is, made_once

CANARY = "Zanzibar"
DATA = [
    *("/news/feed/", "/news/feed.json", "/case-stories/feed/", "/case-stories/feed.json", "/programmes/dates.ics"),
    *("/art-of-change-making/map.json", "/sitemap.xml", "/llms.txt", "/no/such/page/"),
    *("/search/?q=Zanzibar", "/search/?q=Zanzibra"),  # the second is mistyped, and would have the right word suggested
]


def hide_as_draft(page: Any) -> None:
    page.unpublish()


def hide_as_never_published(page: Any) -> None:
    type(page).objects.filter(pk=page.pk).update(live=False, first_published_at=None, last_published_at=None)


def hide_as_scheduled(page: Any) -> None:
    page.unpublish()
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision(approved_go_live_at=page.go_live_at)


def hide_as_expired(page: Any) -> None:
    page.expired = True
    page.unpublish(set_expired=True)


def restrict(page: Any, kind: str) -> None:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="sesame")
    if kind == PageViewRestriction.GROUPS:
        restriction.groups.add(Group.objects.get_or_create(name="Some")[0])


WAYS = {
    "draft": hide_as_draft,
    "never published": hide_as_never_published,
    "scheduled": hide_as_scheduled,
    "expired": hide_as_expired,
    "password": lambda page: restrict(page, PageViewRestriction.PASSWORD),
    "login": lambda page: restrict(page, PageViewRestriction.LOGIN),
    "group": lambda page: restrict(page, PageViewRestriction.GROUPS),
    "bin": lambda page: put_in_bin(page, None),
}


def canaries() -> list[Any]:
    """One page of each kind with the word in every text that another page could repeat."""
    words = {
        "listing_title": f"{CANARY} in lists",
        "listing_summary": f"About {CANARY}",
        "introduction": f"It is {CANARY}",
    }
    group = make.ApproachGroupFactory()
    pages = [
        make.PersonPageFactory(role=CANARY, picture=None, **words),
        make.ApproachPageFactory(group=group, authors=CANARY, **words),
        make.ProgrammePageFactory(
            who_it_is_for=CANARY,
            calendar_dates=[("date", {"title": CANARY, "starts_on": timezone.localdate()})],
            **words,
        ),
        make.CaseStoryPageFactory(place=make.PlaceFactory(name=f"{CANARY} town"), theme=make.ThemeFactory(), **words),
        make.NewsArticlePageFactory(category=make.NewsCategoryFactory(), **words),
        make.StandardPageFactory(**words),
        make.IssuePageFactory(subject=CANARY, preview_text=CANARY, **words),
    ]
    for page in pages:
        page.title = f"{CANARY} {type(page).__name__}"
        page.slug = f"zanzibar-{page.pk}"
        page.save()
    return pages


def stream(block: Any, *values: tuple[str, Any]) -> Any:
    return [(name, block.child_blocks[name].to_python(value)) for name, value in values]


def link_to_all(hidden: list[Any]) -> None:
    """Public pages that name the hidden ones in every way an editor can."""
    person, approach, programme, story, article, standard, _ = hidden
    body = stream(
        BodyBlock(),
        ("related_pages", {"heading": "See", "pages": [page.pk for page in hidden]}),
        ("call_to_action", {"heading": "Go", "text": "", "link": {"page": standard.pk, "address": "", "label": ""}}),
    )
    text = f'<p>Read <a linktype="page" id="{story.pk}">this</a>.</p>'
    shown = make.CaseStoryPageFactory(
        theme=story.theme, programme=programme, challenge=body, learned=stream(BodyBlock(), ("text", text))
    )
    shown.approaches_used = [type(shown).approaches_used.rel.related_model(approach=approach)]
    shown.related_stories = [type(shown).related_stories.rel.related_model(story=story)]
    other = make.ApproachPageFactory(group=approach.group)
    connection = type(other).connections.rel.related_model
    other.connections = [connection(to=approach, kind="uses")]
    approach.connections = [connection(to=other, kind="answers")]
    used = type(story).approaches_used.rel.related_model
    story.approaches_used = [used(approach=other)]
    beside = make.ProgrammePageFactory()
    beside.chosen_stories = [type(beside).chosen_stories.rel.related_model(story=story)]
    link = {"page": article.pk, "address": "", "label": ""}
    item = make.NewsArticlePageFactory(
        category=article.category, author_person=person, related_links=[("link", LinkBlock().to_python(link))]
    )
    parts = [("page", {"page": page, "summary": "", "with_picture": True}) for page in hidden[:-1]]
    parts += [("latest", {"heading": "Latest", "kind": kind, "most": 5}) for kind in ("news", "stories")]
    issue = make.IssuePageFactory(title="What is new", slug="what-is-new", parts=parts)
    pages = [shown, other, approach, story, beside, item, issue]
    for page in pages:
        page.save()
    edit_sections(hidden)


def edit_sections(hidden: list[Any]) -> None:
    """Name the hidden pages from home, beliefs, the menu, the footer and the settings."""
    story, standard = hidden[3], hidden[5]
    link = LinkBlock().to_python({"page": standard.pk, "address": "", "label": ""})
    home, beliefs = HomePage.objects.get(), BeliefsPage.objects.get()
    home.chosen_stories = [("story", story)]
    home.hero_links = [("link", link)]
    home.save()
    belief = {"heading": "We believe", "statement": "", "because": "", "stories": [story.pk]}
    beliefs.beliefs = [("belief", BeliefBlock().to_python(belief))]
    beliefs.save()
    footer = Navigation._meta.get_field("footer").stream_block.child_blocks["column"]
    column = footer.to_python({"heading": "More", "links": [{"page": standard.pk, "address": "", "label": ""}]})
    site = Site.objects.get()
    Navigation.objects.create(site=site, menu=[("link", link)], footer=[("column", column)])
    SiteSettings.objects.create(site=site, privacy_page=standard)


def tells(client: Client, address: str) -> bool:
    """Whether an answer holds the word, apart from a search's own repetition of it."""
    text = client.get(address).content.decode()
    return CANARY in text.replace('value="Zanzibar"', "").replace("“Zanzibar”", "").replace("Zanzibar: Search", "")


@pytest.fixture
def hidden(tree):
    """The pages with the word, which others name."""
    return made_once(build_canaries)


def build_canaries() -> list[Any]:
    pages = canaries()
    link_to_all(pages)
    return [as_it_is(page) for page in pages]


def letter() -> str:
    """The public issue of the newsletter as it would be sent."""
    sent = letter_of(IssuePage.objects.get(slug="what-is-new"))
    return sent.html + sent.plain_text


def test_the_word_is_everywhere_as_long_as_the_pages_are_public(hidden, client):
    """The trap works: each of these would tell."""
    telling = {address for address in [*(page.url for page in all_pages()), *DATA] if tells(client, address)}
    assert {
        "/",
        "/beliefs/",
        "/programmes/",
        "/case-stories/",
        "/news/",
        "/people/",
        "/art-of-change-making/",
    } <= telling
    assert telling >= set(DATA) - {"/sitemap.xml"}
    assert CANARY in letter()


@pytest.mark.parametrize("way", WAYS)
def test_a_hidden_page_is_told_of_nowhere(hidden, client, way):
    for page in hidden:
        WAYS[way](page)
    public = [page for page in all_pages() if page.pk not in {hidden_page.pk for hidden_page in hidden}]
    assert [page.url for page in public if tells(client, page.url)] == []
    assert [address for address in DATA if tells(client, address)] == []
    assert CANARY not in letter()
    for address in [*(page.url for page in public), *DATA]:
        assert "/zanzibar-" not in client.get(address).content.decode(), f"{address} links to a hidden page"
    narrowed = ("/case-stories/?theme=zanzibar", "/news/?category=hidden", "/programmes/?q=zan", "/newsletter/")
    for address in (
        *narrowed,
        "/people/",
        "/search/?q=zan",
        "/search/?q=zan&part=results",
        "/search/?q=town&type=story",
    ):
        assert not tells(client, address)


@pytest.mark.parametrize("way", WAYS)
def test_a_hidden_page_does_not_answer_with_its_words(hidden, client, way):
    for page in hidden:
        WAYS[way](page)
    for page in hidden:
        answer = client.get(page.url)
        assert answer.status_code == {"password": 200, "login": 302, "group": 302}.get(way, 404)
        assert not tells(client, page.url)
        assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))


def test_what_lies_beneath_a_private_page_is_private_too(tree, client):
    private = make.StandardPageFactory(parent=tree.about, title="Behind")
    child = make.StandardPageFactory(parent=private, title=f"{CANARY} below")
    make.StandardPageFactory(body=stream(BodyBlock(), ("related_pages", {"heading": "See", "pages": [child.pk]})))
    restrict(private, PageViewRestriction.LOGIN)
    assert client.get(child.url).status_code == 302
    assert [page.url for page in all_pages() if tells(client, page.url)] == []
    assert not tells(client, "/search/?q=Zanzibar")
    assert "page" in client.get("/sitemap.xml").content.decode()


def test_a_page_made_private_is_gone_at_once(tree, client):
    article = make.NewsArticlePageFactory(title=f"{CANARY} in the news")
    assert tells(client, "/news/")
    restrict(article, PageViewRestriction.PASSWORD)
    assert not tells(client, "/news/")
    PageViewRestriction.objects.get().delete()
    assert tells(client, "/news/")


def test_who_may_see_a_private_page_sees_it(tree, client):
    restrict(tree.about, PageViewRestriction.PASSWORD)
    form = client.get("/about/")
    assert "sesame" not in form.content.decode()
    restriction = PageViewRestriction.objects.get()
    data = {"password": "sesame", "return_url": "/about/"}
    passed = client.post(f"/_util/authenticate_with_password/{restriction.pk}/{tree.about.pk}/", data)
    assert passed.url == "/about/"
    shown = client.get("/about/")
    assert "<h1>About</h1>" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]


def test_private_paths_are_read_once_in_a_request_and_each_time_outside(tree, django_assert_num_queries):
    restrict(tree.about, PageViewRestriction.LOGIN)
    with django_assert_num_queries(1), memory.remembered():
        assert not any(visibility.is_visible(page) for page in [tree.about] * 3)
        assert visibility.only_visible([tree.about, tree.news, tree.news]) == [tree.news]
    PageViewRestriction.objects.all().delete()
    with django_assert_num_queries(2):
        assert visibility.is_visible(tree.about)
        assert visibility.is_visible(tree.news)
    assert not visibility.is_visible(None)


def test_an_alias_of_a_private_page_is_private(tree, client):
    source = make.StandardPageFactory(title=f"{CANARY} page")
    alias = CreatePageAliasAction(source, parent=tree.about, update_slug="alias").execute(skip_permission_checks=True)
    assert client.get(alias.url).status_code == 200
    assert visibility.is_visible(alias)
    restrict(source, PageViewRestriction.LOGIN)
    assert client.get(alias.url).status_code == 302
    assert not tells(client, "/search/?q=Zanzibar")


def test_a_document_in_a_private_collection_is_offered_nowhere_and_not_given(tree, client):
    folder = Collection.get_first_root_node().add_child(name="Board").add_child(name="Papers")
    document = make.SiteDocumentFactory(title=f"{CANARY} minutes", collection=folder)
    block = stream(BodyBlock(), ("download", {"document": document.pk, "description": ""}))
    page = make.StandardPageFactory(body=block)
    programme = make.ProgrammePageFactory(documents=[("document", document)])
    assert tells(client, page.url)
    assert tells(client, programme.url)
    assert client.get(document.url).status_code == 200
    CollectionViewRestriction.objects.create(
        collection=folder.get_parent(), restriction_type=CollectionViewRestriction.LOGIN
    )
    assert not tells(client, page.url)
    assert not tells(client, programme.url)
    answer = client.get(document.url)
    assert answer.status_code == 302
    assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]
    assert client.get(f"/media/{document.file.name}").status_code == 404
