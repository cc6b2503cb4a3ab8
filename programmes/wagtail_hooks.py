"""Case stories and programmes in the menu "Write"."""

from wagtail import hooks

from core.write_menu import HOOK, WriteMenuItem
from programmes.models import CaseStoryPage, ProgrammePage


@hooks.register(HOOK)
def new_case_story() -> WriteMenuItem:
    """Begin a case story."""
    return WriteMenuItem(CaseStoryPage, "doc-full", order=10)


@hooks.register(HOOK)
def new_programme() -> WriteMenuItem:
    """Begin a programme."""
    return WriteMenuItem(ProgrammePage, "date", order=30)
