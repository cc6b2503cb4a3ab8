"""Factories for every page type, snippet, picture and document.

`XFactory()` makes the least that an editor can save: a title. `XFactory(full=True)` fills every field, and
every StreamField with one of each of its blocks. Both are published. Pages are put where they belong in the
tree of the fixture `tree`; what a full page points to is found in it, or made.
"""

from tests.factories.base import FACTORIES, fill_in
from tests.factories.pages import (
    ApproachPageFactory,
    BeliefsPageFactory,
    CaseStoriesPageFactory,
    CaseStoryPageFactory,
    ChangeMakingPageFactory,
    HomePageFactory,
    IssuePageFactory,
    IssuesPageFactory,
    NewsArticlePageFactory,
    NewsIndexPageFactory,
    NewsletterPageFactory,
    PeoplePageFactory,
    PersonPageFactory,
    PrinciplesPageFactory,
    ProgrammePageFactory,
    ProgrammesPageFactory,
    StandardPageFactory,
    ThankYouPageFactory,
)
from tests.factories.records import (
    ApproachGroupFactory,
    NewsCategoryFactory,
    PlaceFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    StartingPointFactory,
    ThemeFactory,
    picture,
)

__all__ = [
    "FACTORIES",
    "ApproachGroupFactory",
    "ApproachPageFactory",
    "BeliefsPageFactory",
    "CaseStoriesPageFactory",
    "CaseStoryPageFactory",
    "ChangeMakingPageFactory",
    "HomePageFactory",
    "IssuePageFactory",
    "IssuesPageFactory",
    "NewsArticlePageFactory",
    "NewsCategoryFactory",
    "NewsIndexPageFactory",
    "NewsletterPageFactory",
    "PeoplePageFactory",
    "PersonPageFactory",
    "PlaceFactory",
    "PrinciplesPageFactory",
    "ProgrammePageFactory",
    "ProgrammesPageFactory",
    "SiteDocumentFactory",
    "SiteImageFactory",
    "StandardPageFactory",
    "StartingPointFactory",
    "ThankYouPageFactory",
    "ThemeFactory",
    "fill_in",
    "picture",
]
