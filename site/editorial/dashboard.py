"""The admin's first page: what needs the person who looks at it, and what was published lately."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from wagtail.admin.templatetags.wagtailadmin_tags import user_display_name
from wagtail.admin.ui.components import Component
from wagtail.models import (
    Comment,
    CommentReply,
    Page,
    Revision,
    TaskState,
    WorkflowState,
    get_default_page_content_type,
)
from wagtail.permissions import page_permission_policy

from core.reports import WRITERS, may_write, pages_of
from editorial.models import PageAudit
from editorial.reports import broken_links, edit_url, review_is_due

# How many of each kind are shown; the rest are counted.
SHOWN = 5
# Characters of a comment.
EXTRACT = 80


@dataclass(frozen=True)
class Item:
    """One thing: its words, where it is dealt with, and what to know beside."""

    words: str
    url: str
    aside: str = ""


@dataclass(frozen=True)
class Need:
    """Things of one kind that wait for somebody.

    Attributes:
        heading: what they are, as a whole sentence with its number.
        items: the first of them; empty where they are shown elsewhere.
        more: where all of them are, and the words of that link.
    """

    heading: str
    items: list[Item] = field(default_factory=list)
    more: Item | None = None


class NeedsPanel(Component):
    """What needs somebody, in a panel above the others. Empty for people who write no pages."""

    name = "editorial_needs"
    order = 10
    template_name = "editorial/needs_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = parent_context["request"].user
        is_shown = page_permission_policy.user_has_any_permission(user, WRITERS)
        return {"is_shown": is_shown, "needs": list(needs(user)) if is_shown else []}


class PublishedPanel(Component):
    """The pages that were published last, whoever did it."""

    name = "editorial_published"
    order = 260
    template_name = "editorial/published_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = parent_context["request"].user
        is_shown = page_permission_policy.user_has_any_permission(user, WRITERS)
        return {"pages": published(user) if is_shown else []}


def published(user: Any) -> QuerySet[Page]:
    """The live pages, of those that a person may write, that were published last."""
    pages = pages_of(user).filter(live=True, last_published_at__isnull=False)
    return pages.select_related("live_revision__user").order_by("-last_published_at")[:SHOWN]


def needs(user: Any) -> Iterator[Need]:
    """What needs a person, by kind; nothing of a kind that does not."""
    for found in (_to_approve(user), _comments(user), _drafts(user), _to_review(user), _broken(user)):
        if found is not None:
            yield found


def _to_approve(user: Any) -> Need | None:
    count = TaskState.objects.reviewable_by(user).count()
    if not count:
        return None
    # Wagtail's own panel further down shows them with its buttons.
    more = Item("Go to them", "#awaiting-review-section")
    return Need(f"{_number(count, 'page')} {_wait(count)} for your approval", more=more)


def _comments(user: Any) -> Need | None:
    """Threads that concern a person and in which somebody else has had the last word."""
    replies = CommentReply.objects.filter(comment=OuterRef("pk"))
    last_reply = Subquery(replies.order_by("-created_at", "-pk").values("user")[:1])
    last_word = Coalesce(last_reply, F("user"), output_field=BigIntegerField())
    mine = Q(page__owner=user) | Q(user=user) | Exists(replies.filter(user=user))
    followed = Q(page__subscribers__user=user, page__subscribers__comment_notifications=True)
    threads = (
        Comment.objects.filter(mine | followed, may_write(user, "page__"), resolved_at__isnull=True)
        .annotate(last_word=last_word)
        .exclude(last_word=user.pk)
        .select_related("page", "user")
        .distinct()
        .order_by("-created_at", "-pk")
    )
    found, count = _some(threads)
    items = [
        Item(
            thread.page.get_admin_display_title(),
            edit_url(thread.page_id),
            f"{user_display_name(thread.user)}: {_extract(thread.text)}",
        )
        for thread in found
    ]
    heading = f"{_number(count, 'comment')} {_wait(count)} for your answer"
    return Need(heading, items) if items else None


def _drafts(user: Any) -> Need | None:
    """What a person wrote last and nobody has published, submitted or scheduled."""
    kind = get_default_page_content_type()
    key = Cast(OuterRef("pk"), CharField())
    in_workflow = WorkflowState.objects.active().filter(base_content_type=kind, object_id=key)
    scheduled = Revision.objects.filter(base_content_type=kind, object_id=key, approved_go_live_at__isnull=False)
    drafts = (
        pages_of(user)
        .filter(has_unpublished_changes=True, latest_revision__user=user)
        .filter(~Exists(in_workflow), ~Exists(scheduled))
        .order_by(F("latest_revision_created_at").desc(nulls_last=True))
    )
    found, count = _some(drafts)
    items = [
        Item(page.get_admin_display_title(), edit_url(page.pk), "changes to a live page" if page.live else "new page")
        for page in found
    ]
    return (
        Need(f"{_number(count, 'draft')} of yours {'is' if count == 1 else 'are'} not published", items)
        if items
        else None
    )


def _to_review(user: Any) -> Need | None:
    due = PageAudit.objects.filter(review_is_due(), may_write(user, "page__"), page__live=True)
    found, count = _some(due.select_related("page").order_by("review_by", "pk"))
    items = [
        Item(str(audit.page), edit_url(audit.pk), f"by {date_format(audit.review_by, 'j F Y')}") for audit in found
    ]
    more = Item("All of them", f"{reverse('pages-that-need-care')}?lacks=review")
    heading = f"{_number(count, 'page')} should have been reviewed"
    return Need(heading, items, more if count > len(items) else None) if items else None


def _broken(user: Any) -> Need | None:
    count = broken_links(user).filter(ignored_at=None).count()
    more = Item("Show them", reverse("broken-links"))
    return (
        Need(f"{_number(count, 'link')} that readers meet {'leads' if count == 1 else 'lead'} nowhere", more=more)
        if count
        else None
    )


def _some(queryset: QuerySet[Any]) -> tuple[list[Any], int]:
    """The first of them and how many there are, counted only when more than those."""
    found: list[Any] = list(queryset[: SHOWN + 1])
    return found[:SHOWN], len(found) if len(found) <= SHOWN else queryset.count()


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _wait(count: int) -> str:
    return "waits" if count == 1 else "wait"


def _extract(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(EXTRACT)
