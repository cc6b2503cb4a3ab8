"""The starting content of programmes and case stories."""

from typing import Any

from core.content import Content
from core.writing import append, page_link, prose, related_pages, starting_point
from programmes.models import (
    CaseStoriesPage,
    CaseStoryPage,
    Place,
    ProgrammePage,
    ProgrammesPage,
    ProgrammeStory,
    StoryApproach,
    Theme,
)
from programmes.starting_content.programmes import PROGRAMMES
from programmes.starting_content.starting_points import HOW_TO_APPLY, PROGRAMME_BODY, STORY
from programmes.starting_content.stories import PLACES, STORIES, THEMES

# Approaches that a story is known to have used, by slug.
APPROACHES_USED = {"food-and-cornwall": ["learning-history"]}
# Approaches worth reading after a story, which the story does not claim to have used.
APPROACHES_TO_READ = {
    "cohort-alumni": ["adaptive-leadership", "coaching"],
    "gloucestershire": ["wicked-problems", "living-systems"],
    "alcohol-strategy": ["dialogue", "clumsy-solutions"],
    "food-and-cornwall": ["public-narrative", "appreciative-inquiry"],
}
# Stories beside a programme that are not of it alone.
STORIES_BESIDE = {"future-vision": ["cohort-alumni"]}


def load(content: Content) -> None:
    """Add the programmes, the places and themes, and the stories."""
    home = content.find("home.home")
    programmes = content.page("programmes.index", home, programmes_page)
    for slug, facts in PROGRAMMES.items():
        content.page(f"programmes.programme.{slug}", programmes, lambda s=slug, f=facts: programme_page(content, s, f))
    for name, slug, grid_reference in PLACES:
        content.record(
            f"programmes.place.{slug}", lambda n=name, s=slug, g=grid_reference: Place(name=n, slug=s, grid_reference=g)
        )
    for name, slug in THEMES:
        content.record(f"programmes.theme.{slug}", lambda n=name, s=slug: Theme(name=n, slug=s))
    stories = content.page("programmes.stories", home, stories_page)
    for slug, facts in STORIES.items():
        content.page(f"programmes.story.{slug}", stories, lambda s=slug, f=facts: story_page(content, s, f))
    load_starting_points(content)


def load_starting_points(content: Content) -> None:
    """Add what a new story and a new programme begin with."""
    begun = "What a place faced, did, changed and learned."
    content.record(
        "programmes.starting_point.story",
        lambda: starting_point("A case story", begun, 10, CaseStoryPage(**STORY)),
    )
    offered = "Why we run it, how it works, and how to take part."
    programme = {"body": PROGRAMME_BODY, "how_to_apply": HOW_TO_APPLY}
    content.record(
        "programmes.starting_point.programme",
        lambda: starting_point("A programme", offered, 30, ProgrammePage(**programme)),
    )


def connect(content: Content) -> None:
    """Link stories to approaches, and programmes to stories and to each other."""
    for slug in STORIES:
        content.step(f"programmes.story.{slug}.approaches", lambda s=slug: add_approaches_used(content, s))
        further = [content.find(f"changemaking.approach.{approach}") for approach in APPROACHES_TO_READ[slug]]
        append(content, f"programmes.story.{slug}", "learned", related_pages("Approaches to read next", *further))
    for slug in STORIES_BESIDE:
        content.step(f"programmes.programme.{slug}.stories", lambda s=slug: add_stories_beside(content, s))
    read_next = {
        "future-vision": ["changemaking.approach.adaptive-leadership", "home.approach"],
        "local-vision": ["programmes.programme.systems-leadership-alliance", "news.article.local-vision-evaluation"],
        "total-place": ["programmes.programme.local-vision", "news.article.looking-back-at-total-place"],
        "systems-leadership-alliance": ["programmes.programme.local-vision", "changemaking.index", "home.people"],
    }
    for slug, keys in read_next.items():
        pages = [content.find(key) for key in keys]
        append(content, f"programmes.programme.{slug}", "body", related_pages("Read on", *pages))


def programmes_page() -> ProgrammesPage:
    """The list of programmes."""
    return ProgrammesPage(
        title="Programmes",
        slug="programmes",
        introduction=(
            "We work in three ways: with a single place, with a group of leaders, and across the country together with "
            "government. Each programme is shaped with the people who take part in it."
        ),
        search_description=(
            "Leadership programmes for public services: place-based work, cohorts of senior leaders and countrywide "
            "initiatives with government."
        ),
    )


def programme_page(content: Content, slug: str, facts: dict[str, Any]) -> ProgrammePage:
    """A programme, with a link to Contact where the text says how to take part."""
    contact = page_link(content.find("home.contact"), "talk to us")
    how_to_apply = prose(facts["how_to_apply"].format(contact=contact)) if "how_to_apply" in facts else ""
    return ProgrammePage(slug=slug, **{**facts, "how_to_apply": how_to_apply})


def stories_page() -> CaseStoriesPage:
    """The list of stories."""
    return CaseStoriesPage(
        title="Case stories",
        slug="case-stories",
        introduction=(
            "What people faced, what they did, what changed and what they learned. Where there is a figure we say "
            "where it comes from. Where there is none we do not make one up."
        ),
        search_description=(
            "Stories from places where public-service leaders worked on alcohol, food poverty and obesity: what they "
            "did and what changed."
        ),
    )


def story_page(content: Content, slug: str, facts: dict[str, Any]) -> CaseStoryPage:
    """A story, with its place, theme and programme."""
    terms = {
        "place": f"programmes.place.{facts.get('place')}",
        "theme": f"programmes.theme.{facts.get('theme')}",
        "programme": f"programmes.programme.{facts.get('programme')}",
    }
    return CaseStoryPage(slug=slug, **{**facts, **{name: content.find(key) for name, key in terms.items()}})


def add_approaches_used(content: Content, slug: str) -> None:
    """Name the approaches that a story used."""
    story = content.find(f"programmes.story.{slug}")
    approaches = [content.find(f"changemaking.approach.{name}") for name in APPROACHES_USED.get(slug, [])]
    if story is None or not any(approaches):
        return
    story.approaches_used = [StoryApproach(approach=approach) for approach in approaches if approach]
    story.save_revision(clean=False).publish()


def add_stories_beside(content: Content, slug: str) -> None:
    """Put stories beside a programme."""
    programme = content.find(f"programmes.programme.{slug}")
    stories = [content.find(f"programmes.story.{name}") for name in STORIES_BESIDE[slug]]
    if programme is None or not any(stories):
        return
    programme.chosen_stories = [ProgrammeStory(story=story) for story in stories if story]
    programme.save_revision(clean=False).publish()
