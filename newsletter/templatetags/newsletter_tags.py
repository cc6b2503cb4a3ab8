"""The sign-up form, for any template: `{% load newsletter_tags %}{% newsletter_form prefix="footer" %}`."""

from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.urls import reverse

from core import memory
from core.visibility import is_visible
from newsletter.forms import SignUpForm
from newsletter.models import Interest
from newsletter.models.consent import current_wording

register = template.Library()

# The sign-up page's own form, which shows a visitor's errors; other forms on that page stay empty.
PAGE_PREFIX = "page"


@register.inclusion_tag("newsletter/form.html", takes_context=True)
def newsletter_form(context: Context, prefix: str = PAGE_PREFIX, topics: bool = False) -> dict[str, Any]:
    """Give the form its action, its words of consent, its topics and the privacy notice's address.

    Args:
        prefix: makes the ids of this form different from those of others on the page.
        topics: whether it asks for topics, when there are any; the short form in the footer does not.
    """
    request = context.get("request")
    wording = memory.until_a_change("newsletter.wording", current_wording)
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
        "topics": memory.once("newsletter.topics", offered_topics) if topics else [],
        "page_path": request.path if request else "",
        "privacy_url": privacy_page.get_url(request) if privacy_page and is_visible(privacy_page) else "",
    }


def offered_topics() -> list[Interest]:
    """The topics that forms offer."""
    return list(Interest.objects.offered())


@register.filter
def is_ticked(topic: Interest, field: BoundField) -> bool:
    """Whether a topic is among those of a form that was sent, or of a person's preferences."""
    return str(topic.pk) in map(str, field.value() or ())
