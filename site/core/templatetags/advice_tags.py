"""What editors should look at before they publish, beside the form."""

from typing import Any

from django import template
from wagtail.models import Page

from core.advice import advice_for

register = template.Library()


@register.inclusion_tag("core/advice.html")
def advice(page: Page) -> dict[str, Any]:
    """The advice on a page as it was last saved; `is_saved` is false while there is nothing to look at yet."""
    return {"is_saved": page.pk is not None, "found": advice_for(page) if page.pk is not None else []}
