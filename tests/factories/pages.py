"""Factories for every page type."""

import datetime
from collections.abc import Sequence
from typing import Any

import factory
import wagtail_factories
from django.utils import timezone
from wagtail.models import Page

from changemaking.models import ApproachGroup, ApproachPage, ChangeMakingPage, Connection
from core.models import SiteImage
from home.models import BeliefsPage, HomePage, PeoplePage, PersonPage, PrinciplesPage, StandardPage
from news.models import NewsArticlePage, NewsCategory, NewsIndexPage
from newsletter.models import IssuePage, IssuesPage, NewsletterPage, ThankYouPage
from programmes.models import (
    CaseStoriesPage,
    CaseStoryPage,
    Place,
    ProgrammePage,
    ProgrammesPage,
    ProgrammeStory,
    RelatedStory,
    StoryApproach,
    Theme,
)
from tests.block_values import RICH_TEXT, WORDS
from tests.factories.base import every_block, one, register, related

# What every page has besides its title.
ON_EVERY_PAGE = {
    "introduction": "An introduction of one sentence.",
    "listing_title": "A title in lists",
    "listing_summary": "A summary in lists.",
    "listing_image": one(SiteImage),
    "seo_title": "A title for search engines",
    "search_description": "A description for search engines.",
    "social_title": "A title when shared",
    "social_image": one(SiteImage),
    "review_by": datetime.date(2030, 1, 31),
}


class PageFactory(wagtail_factories.PageFactory):
    """A page with a title, published now. `made_full` says whether its trait `full` was asked for."""

    title = factory.Sequence(lambda number: f"Page {number}")
    slug = factory.Sequence(lambda number: f"page-{number}")
    first_published_at = factory.LazyFunction(timezone.now)
    last_published_at = factory.SelfAttribute("first_published_at")

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, made_full: bool = False, **kwargs: Any) -> Any:
        page = super()._create(model_class, *args, **kwargs)
        page.made_full = made_full
        return page

    @classmethod
    def _build(cls, model_class: Any, *args: Any, made_full: bool = False, **kwargs: Any) -> Any:
        return super()._build(model_class, *args, **kwargs)


def full(**fields: Any) -> type:
    """The `Params` of a page type: the fields of every page and its own ones, filled."""
    return type("Params", (), {"full": factory.Trait(made_full=True, **ON_EVERY_PAGE, **fields)})


def below(model: type) -> Any:
    """A declaration for `parent`: the only page of an index type."""
    return factory.LazyFunction(lambda: model._default_manager.get())


@register
class HomePageFactory(PageFactory):
    parent = factory.LazyFunction(Page.get_first_root_node)

    class Meta:
        model = HomePage

    Params = full(
        hero_heading="A few strong words",
        hero_links=every_block(HomePage, "hero_links"),
        chosen_stories=every_block(HomePage, "chosen_stories"),
        change_making_text=WORDS,
        body=every_block(HomePage, "body"),
    )


@register
class BeliefsPageFactory(PageFactory):
    parent = below(HomePage)

    class Meta:
        model = BeliefsPage

    Params = full(beliefs=every_block(BeliefsPage, "beliefs"))


@register
class PrinciplesPageFactory(PageFactory):
    parent = below(HomePage)

    class Meta:
        model = PrinciplesPage

    Params = full(principles=every_block(PrinciplesPage, "principles"), body=every_block(PrinciplesPage, "body"))


@register
class StandardPageFactory(PageFactory):
    parent = below(HomePage)

    class Meta:
        model = StandardPage

    Params = full(body=every_block(StandardPage, "body"))


@register
class PeoplePageFactory(PageFactory):
    parent = below(HomePage)

    class Meta:
        model = PeoplePage

    Params = full(body=RICH_TEXT)


@register
class PersonPageFactory(PageFactory):
    parent = below(PeoplePage)

    class Meta:
        model = PersonPage

    Params = full(role="Programme lead", biography=RICH_TEXT, picture=one(SiteImage))


@register
class ProgrammesPageFactory(PageFactory):
    parent = below(HomePage)

    class Meta:
        model = ProgrammesPage

    Params = full()


@register
class ProgrammePageFactory(PageFactory):
    parent = below(ProgrammesPage)
    stories_beside = related(ProgrammeStory, "chosen_stories", story=CaseStoryPage)

    class Meta:
        model = ProgrammePage

    Params = full(
        status=ProgrammePage.Status.OPEN,
        who_it_is_for=WORDS,
        length="one year",
        size="20 to 25 people",
        dates="since 2012",
        calendar_dates=every_block(ProgrammePage, "calendar_dates"),
        places_text="about 50 places",
        partners=WORDS,
        body=every_block(ProgrammePage, "body"),
        how_to_apply=RICH_TEXT,
        closing_date=datetime.date(2035, 1, 31),
        documents=every_block(ProgrammePage, "documents"),
    )


@register
class CaseStoriesPageFactory(PageFactory):
    parent = below(HomePage)

    class Meta:
        model = CaseStoriesPage

    Params = full()


@register
class CaseStoryPageFactory(PageFactory):
    parent = below(CaseStoriesPage)
    approaches = related(StoryApproach, "approaches_used", approach=ApproachPage)
    stories_beside = related(RelatedStory, "related_stories", story=CaseStoryPage)

    class Meta:
        model = CaseStoryPage

    Params = full(
        place=one(Place),
        place_note="A Health and Wellbeing Board",
        theme=one(Theme),
        programme=one(ProgrammePage),
        partners=every_block(CaseStoryPage, "partners"),
        challenge=every_block(CaseStoryPage, "challenge"),
        what_was_done=every_block(CaseStoryPage, "what_was_done"),
        outcomes=every_block(CaseStoryPage, "outcomes"),
        learned=every_block(CaseStoryPage, "learned"),
    )


@register
class NewsIndexPageFactory(PageFactory):
    parent = below(HomePage)

    class Meta:
        model = NewsIndexPage

    Params = full()


@register
class NewsArticlePageFactory(PageFactory):
    parent = below(NewsIndexPage)
    date = datetime.date(2024, 5, 1)

    class Meta:
        model = NewsArticlePage

    Params = full(
        category=one(NewsCategory),
        tags=["place", "leadership"],
        author_name="An author",
        author_person=one(PersonPage),
        body=every_block(NewsArticlePage, "body"),
        related_links=every_block(NewsArticlePage, "related_links"),
    )

    @classmethod
    def _build(cls, model_class: Any, *args: Any, tags: Sequence[str] = (), **kwargs: Any) -> Any:
        page = super()._build(model_class, *args, **kwargs)
        page.tags.set(tags)  # written when the page is saved
        return page

    @classmethod
    def _create(cls, model_class: Any, *args: Any, tags: Sequence[str] = (), **kwargs: Any) -> Any:
        page = super()._create(model_class, *args, **kwargs)
        if tags:
            page.tags.set(tags)
            page.save()
        return page


@register
class ChangeMakingPageFactory(PageFactory):
    parent = below(HomePage)

    class Meta:
        model = ChangeMakingPage

    Params = full(body=RICH_TEXT)


@register
class ApproachPageFactory(PageFactory):
    parent = below(ChangeMakingPage)
    links = related(Connection, "connections", kind="builds_on", to=ApproachPage, sentence=WORDS)

    class Meta:
        model = ApproachPage

    Params = full(
        group=one(ApproachGroup),
        authors="An author and another",
        when_to_use=RICH_TEXT,
        how=RICH_TEXT,
        sources=RICH_TEXT,
    )


@register
class NewsletterPageFactory(PageFactory):
    parent = below(HomePage)

    class Meta:
        model = NewsletterPage

    Params = full(body=RICH_TEXT)


@register
class ThankYouPageFactory(PageFactory):
    parent = below(NewsletterPage)

    class Meta:
        model = ThankYouPage

    Params = full(body=RICH_TEXT)


@register
class IssuesPageFactory(PageFactory):
    parent = below(NewsletterPage)

    class Meta:
        model = IssuesPage

    Params = full()


@register
class IssuePageFactory(PageFactory):
    parent = below(IssuesPage)

    class Meta:
        model = IssuePage

    Params = full(
        subject="A subject of its own",
        preview_text="What the inbox shows after the subject",
        date=datetime.date(2026, 11, 21),
        parts=every_block(IssuePage, "parts"),
    )
