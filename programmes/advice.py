"""What an editor of a programme or a case story should look at before it is published."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format

from core.advice import Advice
from core.advice.contents import label

if TYPE_CHECKING:
    from programmes.models import ProgrammePage


def closing_date_has_passed(page: "ProgrammePage") -> Iterator[Advice]:
    """A programme that says it is open to applications, although the last day to apply is over (in London)."""
    if page.status == page.Status.OPEN and page.closing_date and page.closing_date < timezone.localdate():
        yield Advice(
            label(page, "closing_date"),
            f"The programme is open to applications, but the last day to apply was {date_format(page.closing_date)}.",
            "Change the date, or change the status to Running or Completed.",
        )


def outcomes_without_source(page: Any) -> Iterator[Advice]:
    """Outcomes that a reader cannot check."""
    for block in page.outcomes:
        if not block.value.get("source"):
            said = block.value.get("sentence") or f"{block.value.amount} {block.value.get('measure') or ''}".strip()
            message = f"The outcome “{said}” has no source."
            yield Advice(label(page, "outcomes"), message, "Say where it is written, or who says so.")
