"""What an editor should look at before a page is published. Advice never stops anybody from saving or publishing.

A rule is a function that takes a page and gives the advice it has, if any. Each page type lists its rules in
`advice_rules`. Wagtail's own content checker looks at the preview in the browser; these rules look at the page as it
is stored, so that they can also be asked about every page of the site.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Advice:
    """One thing to look at.

    Attributes:
        field: name of the field, as the form shows it.
        message: what is wrong, in one sentence.
        remedy: what to do about it, in one sentence.
    """

    field: str
    message: str
    remedy: str


Rule = Callable[[Any], Iterable[Advice]]


def advice_for(page: Any) -> list[Advice]:
    """What the rules of a page's type have to say about it, each thing once; nothing for types that are not ours."""
    found = (advice for rule in getattr(page, "advice_rules", ()) for advice in rule(page))
    return list(dict.fromkeys(found))
