"""The home page, beliefs, approach, people and standard pages."""

from home.models.home import HomePage
from home.models.people import PeoplePage, PersonPage
from home.models.standard import BeliefsPage, PrinciplesPage, StandardPage

__all__ = ["BeliefsPage", "HomePage", "PeoplePage", "PersonPage", "PrinciplesPage", "StandardPage"]
