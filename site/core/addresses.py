"""Addresses that a page answers itself, and that no page beneath it may take."""

from django.core.exceptions import ValidationError
from django.http import Http404
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page

TAKEN = "The section above uses this address for something else, such as a feed. Choose another one."


def answers_itself(page: Page, parts: list[str]) -> bool:
    """Whether a page answers an address beneath it itself, such as that of a feed.

    Args:
        parts: of the address, beneath the page.
    """
    if not issubclass(page.specific_class or Page, RoutablePageMixin):
        return False
    try:
        page.specific_deferred.resolve_subpage(f"/{'/'.join(parts)}/")
    except Http404:
        return False
    return True


class SitePageForm(WagtailAdminPageForm):
    """Wagtail's form of a page, which also refuses addresses that readers would never get to."""

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug and self.parent_page and answers_itself(self.parent_page, [slug]):
            raise ValidationError(TAKEN, code="taken")
        return slug
