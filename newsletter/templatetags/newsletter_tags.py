"""The sign-up form, for any template: `{% load newsletter_tags %}{% newsletter_form prefix="footer" %}`."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from core.visibility import is_visible
from newsletter.forms import SignUpForm
from newsletter.models.consent import Wording, current_wording

register = template.Library()

# The sign-up page's own form, which shows a visitor's errors; other forms on that page stay empty.
PAGE_PREFIX = "page"


@register.inclusion_tag("newsletter/form.html", takes_context=True)
def newsletter_form(context: Context, prefix: str = PAGE_PREFIX) -> dict[str, Any]:
    """Give the form its action, its words of consent and the privacy notice's address.

    Args:
        prefix: makes the ids of this form different from those of others on the page.
    """
    request = context.get("request")
    wording = _wording(request)
    form = context.get("form") if prefix == PAGE_PREFIX else None
    if not isinstance(form, SignUpForm):
        form = SignUpForm(prefix_id=prefix)
    privacy_page = getattr(context.get("site_settings"), "privacy_page", None)
    return {
        "form": form,
        "prefix": prefix,
        "action": reverse("newsletter:sign_up"),
        "wording": wording.text,
        "wording_version": wording.version,
        "page_path": request.path if request else "",
        "privacy_url": privacy_page.get_url(request) if privacy_page and is_visible(privacy_page) else "",
    }


def _wording(request: Any) -> Wording:
    """The words of consent, read once for all forms of a page."""
    if request is None:
        return current_wording()
    if not hasattr(request, "newsletter_wording"):
        request.newsletter_wording = current_wording()
    return request.newsletter_wording
