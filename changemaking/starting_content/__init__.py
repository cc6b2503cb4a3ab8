"""The words of The Art of Change Making that a new site starts with: a file for each group, and the connections."""

from changemaking.starting_content import (
    leading_change,
    self_and_others,
    story_and_meaning,
    understanding_systems,
    working_together,
)
from changemaking.starting_content.connections import CONNECTIONS
from changemaking.starting_content.outline import Group

GROUPS: tuple[Group, ...] = (
    understanding_systems.GROUP,
    leading_change.GROUP,
    working_together.GROUP,
    story_and_meaning.GROUP,
    self_and_others.GROUP,
)

__all__ = ["CONNECTIONS", "GROUPS"]
