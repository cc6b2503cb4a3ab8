"""Models that every page shares."""

from core.models.base import BasePage, DrawnMapMixin, Ground
from core.models.content import LoadedContent
from core.models.files import SiteDocument, SiteImage, SiteRendition
from core.models.lease import Lease
from core.models.navigation import Navigation
from core.models.search import SearchEntry, SearchOutcome, SearchWord
from core.models.settings import SiteSettings
from core.models.starting_points import StartingPoint
from core.models.users import User

__all__ = [
    "BasePage",
    "DrawnMapMixin",
    "Ground",
    "Lease",
    "LoadedContent",
    "Navigation",
    "SearchEntry",
    "SearchOutcome",
    "SearchWord",
    "SiteDocument",
    "SiteImage",
    "SiteRendition",
    "SiteSettings",
    "StartingPoint",
    "User",
]
