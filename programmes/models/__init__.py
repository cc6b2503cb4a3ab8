"""Programmes, the stories of places, and the terms that both are found by."""

from programmes.models.programmes import ProgrammePage, ProgrammesPage, ProgrammeStory
from programmes.models.stories import CaseStoriesPage, CaseStoryPage, RelatedStory, StoryApproach
from programmes.models.terms import Place, Theme

__all__ = [
    "CaseStoriesPage",
    "CaseStoryPage",
    "Place",
    "ProgrammePage",
    "ProgrammeStory",
    "ProgrammesPage",
    "RelatedStory",
    "StoryApproach",
    "Theme",
]
