"""The starting content of The Art of Change Making: all of it is there, once, and fit to be read."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import TestCase
from django.utils.html import strip_tags
from wagtail.models import Page

from changemaking.content import build_approach, load, targets_first
from changemaking.models import ApproachGroup, ApproachPage, ChangeMakingPage, Connection
from changemaking.starting_content import CONNECTIONS, GROUPS
from core.content import Content
from core.models import Ground, LoadedContent
from home.models import HomePage

APPROACHES = {
    "Understanding systems": {
        "ecology-of-mind": ("Ecology of mind", "Gregory Bateson"),
        "living-systems": ("Living systems", "Margaret Wheatley"),
        "autopoiesis": ("Autopoiesis", "Maturana and Varela"),
        "understanding-networks": ("Understanding networks", ""),
        "cynefin": ("Cynefin", "Dave Snowden"),
        "wicked-problems": ("Wicked problems", "Rittel and Webber; Keith Grint"),
    },
    "Leading change": {
        "adaptive-leadership": ("Adaptive leadership", "Ronald Heifetz"),
        "theory-u": ("Theory U", "Otto Scharmer"),
        "immunity-to-change": ("Immunity to change", "Kegan and Lahey"),
        "clumsy-solutions": ("Clumsy solutions", "Keith Grint"),
        "nudge": ("Nudge", "Thaler and Sunstein"),
    },
    "Working together": {
        "dialogue": ("Dialogue", "William Isaacs"),
        "four-player-model": ("Four-player model", "David Kantor"),
        "appreciative-inquiry": ("Appreciative inquiry", "David Cooperrider"),
        "world-cafe": ("World Café", "Brown and Isaacs"),
        "open-space": ("Open Space", "Harrison Owen"),
        "future-search": ("Future Search", "Weisbord and Janoff"),
    },
    "Story and meaning": {
        "public-narrative": ("Public narrative", "Marshall Ganz"),
        "learning-history": ("Learning history", "Kleiner and Roth"),
        "ladder-of-inference": ("Ladder of inference", "Chris Argyris"),
        "ethnography": ("Ethnography", ""),
    },
    "Self and others": {
        "inner-game": ("Inner game", "Timothy Gallwey"),
        "action-learning": ("Action learning", "Reg Revans"),
        "coaching": ("Coaching", ""),
    },
}

# Start, words at the start, end, words at the end.
LINKS = [
    ("adaptive-leadership", "builds on", "wicked-problems", "is built on by"),
    ("adaptive-leadership", "builds on", "living-systems", "is built on by"),
    ("clumsy-solutions", "answers", "wicked-problems", "is answered by"),
    ("cynefin", "complements", "wicked-problems", "complements"),
    ("theory-u", "pairs with", "dialogue", "pairs with"),
    ("dialogue", "pairs with", "four-player-model", "pairs with"),
    ("world-cafe", "is an alternative to", "open-space", "is an alternative to"),
    ("world-cafe", "is an alternative to", "future-search", "is an alternative to"),
    ("open-space", "is an alternative to", "future-search", "is an alternative to"),
    ("world-cafe", "uses", "dialogue", "is used in"),
    ("open-space", "uses", "dialogue", "is used in"),
    ("future-search", "uses", "dialogue", "is used in"),
    ("public-narrative", "pairs with", "learning-history", "pairs with"),
    ("learning-history", "draws on", "ethnography", "is drawn on by"),
    ("ladder-of-inference", "supports", "dialogue", "is supported by"),
    ("ladder-of-inference", "supports", "action-learning", "is supported by"),
    ("ladder-of-inference", "supports", "immunity-to-change", "is supported by"),
    ("immunity-to-change", "deepens", "adaptive-leadership", "is deepened by"),
    ("appreciative-inquiry", "is often used with", "future-search", "is often used with"),
    ("coaching", "is often used with", "inner-game", "is often used with"),
    ("coaching", "is often used with", "action-learning", "is often used with"),
    ("ecology-of-mind", "underlies", "living-systems", "rests on"),
    ("autopoiesis", "underlies", "living-systems", "rests on"),
    ("understanding-networks", "complements", "living-systems", "complements"),
    ("nudge", "contrasts with", "adaptive-leadership", "contrasts with"),
]


def make_home(content: Content) -> HomePage:
    """A home page under the key that the starting content looks for."""
    return content.page("home.home", Page.get_first_root_node(), lambda: HomePage(title="Home", slug="test-home"))


def words(*texts: str) -> list[str]:
    """The words of some rich text; the end of a paragraph or an item parts them."""
    return strip_tags(" ".join(texts).replace("><", "> <")).split()


class LoadedOnce(TestCase):
    """What a new site has after loading, read only."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_home(Content())
        load(Content())

    def approaches(self) -> dict[str, ApproachPage]:
        return {page.slug: page for page in ApproachPage.objects.live()}

    def pages(self) -> list[ApproachPage | ChangeMakingPage]:
        return [ChangeMakingPage.objects.get(), *self.approaches().values()]

    def each(self, faults: dict[str, Any]) -> None:
        """No page has a fault; otherwise say which and what."""
        self.assertEqual({name: fault for name, fault in faults.items() if fault}, {})

    def test_every_approach_is_there_with_its_group_and_author(self):
        found = {
            group.name: {
                page.slug: (page.title, page.authors) for page in ApproachPage.objects.live().filter(group=group)
            }
            for group in ApproachGroup.objects.all()
        }
        assert found == APPROACHES
        assert list(found) == list(APPROACHES), "groups are in order"

    def test_approaches_lie_beneath_the_index_and_the_index_beneath_home(self):
        index = ChangeMakingPage.objects.live().get()
        assert index.slug == "art-of-change-making"
        assert index.get_parent().specific_class is HomePage
        assert set(index.get_approaches()) == set(self.approaches().values())

    def test_every_group_says_in_a_sentence_what_it_is_about(self):
        for group in ApproachGroup.objects.all():
            group.full_clean()
            assert group.summary.endswith(".")
            assert group.summary.count(".") == 1

    def test_each_connection_is_shown_from_both_ends_with_the_right_words(self):
        told = [
            (page.slug, link.words, link.approach.slug)
            for page in self.approaches().values()
            for link in page.get_links()
        ]
        starts = [(start, words_there, end) for start, words_there, end, _ in LINKS]
        ends = [(end, words_back, start) for start, _, end, words_back in LINKS]
        assert sorted(told) == sorted(starts + ends)

    def test_every_approach_is_connected(self):
        self.each({slug: not page.get_links() for slug, page in self.approaches().items()})

    def test_a_connections_sentence_names_both_approaches(self):
        for connection in Connection.objects.select_related("page", "to"):
            connection.full_clean()
            sentence = connection.sentence.casefold()
            assert connection.page.title.casefold() in sentence, sentence
            assert connection.to.title.casefold() in sentence, sentence
            assert sentence.endswith("."), sentence

    def test_no_two_sentences_are_the_same(self):
        sentences = list(Connection.objects.values_list("sentence", flat=True))
        assert len(set(sentences)) == len(sentences) == len(LINKS)

    def test_every_approach_says_what_it_is_when_to_use_it_how_and_where_it_comes_from(self):
        for page in self.approaches().values():
            for field in ("introduction", "when_to_use", "how", "sources"):
                assert words(getattr(page, field)), f"{page.slug} has no {field}"

    def test_introductions_and_descriptions_have_a_readable_length(self):
        self.each({page.slug: not 60 <= len(page.introduction) <= 600 for page in self.pages()})
        self.each({page.slug: not 60 <= len(page.search_description) <= 160 for page in self.pages()})

    def test_no_two_pages_have_the_same_introduction_or_description(self):
        pages = self.pages()
        assert len({page.introduction for page in pages}) == len(pages)
        assert len({page.search_description for page in pages}) == len(pages)

    def test_an_approach_is_a_short_read(self):
        lengths = {
            slug: len(words(page.introduction, page.when_to_use, page.how)) for slug, page in self.approaches().items()
        }
        self.each({slug: length for slug, length in lengths.items() if not 120 <= length <= 220})

    def test_how_ends_in_three_to_five_steps(self):
        steps = {slug: page.how.count("<li>") for slug, page in self.approaches().items()}
        self.each({slug: count for slug, count in steps.items() if not 3 <= count <= 5})
        for page in self.approaches().values():
            assert re.fullmatch(r"<p>[^<]+</p><ol>(<li>[^<]+</li>)+</ol>", page.how), page.slug

    def test_sources_give_author_title_and_year(self):
        for page in self.approaches().values():
            for source in re.findall(r"<li>(.*?)</li>", page.sources):
                assert re.fullmatch(r"[^<>]+, (‘[^<>]+’, )?<i>[^<>]+</i>, (19|20)\d\d", source), source

    def test_text_has_no_slips_of_the_keyboard(self):
        slip = re.compile(r"  |\s[,.;:?]|[,;:.]{2}|[\"']|\b(\w+) \1\b|\.[A-Za-z]|\bTODO\b|lorem", re.IGNORECASE)
        texts = [connection.sentence for connection in CONNECTIONS]
        for page in self.pages():
            fields = ("introduction", "search_description", "body", "when_to_use", "how", "sources")
            texts += re.split(r"<[^>]+>", "<br>".join(getattr(page, field, "") for field in fields))
        self.each({text: [found[0] for found in slip.finditer(text)] for text in texts})

    def test_every_page_is_valid_on_heath_and_published_as_its_latest_draft(self):
        for page in self.pages():
            page.full_clean()
            assert page.ground == Ground.HEATH
            assert not page.has_unpublished_changes
            assert page.live_revision_id == page.latest_revision_id
            assert page.revisions.count() == 1

    def test_drafts_have_the_connections_of_the_live_pages(self):
        def told(page: ApproachPage) -> list[tuple[str, int, str]]:
            return [(link.kind, link.to_id, link.sentence) for link in page.connections.all()]

        for page in self.approaches().values():
            assert told(page.get_latest_revision_as_object()) == told(page)


class Loading(TestCase):
    """What loading does to a site that is empty, loaded or edited."""

    def setUp(self) -> None:
        make_home(Content())

    def test_a_second_load_adds_nothing(self):
        first, second = Content(), Content()
        load(first)
        load(second)
        assert first.added == 1 + len(APPROACHES) + sum(map(len, APPROACHES.values()))
        assert second.added == 0
        assert Connection.objects.count() == len(LINKS)

    def test_a_second_load_leaves_an_editors_work_alone(self):
        load(Content())
        nudge = ApproachPage.objects.get(slug="nudge")
        nudge.introduction = "Words of an editor."
        nudge.connections.clear()
        nudge.save_revision().publish()
        ApproachPage.objects.get(slug="coaching").delete()
        ApproachGroup.objects.get(slug="self-and-others").delete()
        load(Content())
        nudge = ApproachPage.objects.get(slug="nudge")
        assert nudge.introduction == "Words of an editor."
        assert not nudge.connections.exists()
        assert not ApproachPage.objects.filter(slug="coaching").exists()
        assert not ApproachGroup.objects.filter(slug="self-and-others").exists()

    def test_an_approach_that_comes_later_is_connected_to_what_is_still_there(self):
        """As when a new version brings an approach that connects to one which editors have deleted."""
        load(Content())
        ApproachPage.objects.get(slug="coaching").delete()
        ApproachPage.objects.get(slug="inner-game").delete()
        LoadedContent.objects.get(key="changemaking.approach.coaching").delete()
        load(Content())
        coaching = ApproachPage.objects.get(slug="coaching")
        assert [link.approach.slug for link in coaching.get_links()] == ["action-learning"]


@pytest.mark.django_db
def test_without_a_home_page_only_the_groups_are_loaded_and_the_rest_follows():
    content = Content()
    load(content)
    assert content.added == len(APPROACHES)
    assert not ChangeMakingPage.objects.exists()
    make_home(content)
    load(content)
    assert ApproachPage.objects.count() == sum(map(len, APPROACHES.values()))
    assert Connection.objects.count() == len(LINKS)


def test_targets_come_first():
    order = [approach.title for _, approach in targets_first()]
    assert len(order) == len(set(order)) == sum(len(group.approaches) for group in GROUPS)
    assert [c for c in CONNECTIONS if order.index(c.end) > order.index(c.start)] == []


def test_text_of_an_approach_never_becomes_markup(db: None):
    hostile = replace(GROUPS[0].approaches[0], title="New", when="<b>1 < 2</b>", how="&", steps=("<i>",), sources=())
    page = build_approach(hostile, None, {})
    assert page.when_to_use == "<p>&lt;b&gt;1 &lt; 2&lt;/b&gt;</p>"
    assert page.how == "<p>&amp;</p><ol><li>&lt;i&gt;</li></ol>"
    assert page.sources == ""
