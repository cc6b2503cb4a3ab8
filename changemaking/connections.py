"""The kinds of connection between approaches, with the words for each end."""

from django.db import models


class Kind(models.TextChoices):
    """How one approach relates to another, read from the approach that states it."""

    BUILDS_ON = "builds_on", "builds on"
    ANSWERS = "answers", "answers"
    COMPLEMENTS = "complements", "complements"
    PAIRS_WITH = "pairs_with", "pairs with"
    ALTERNATIVE_TO = "alternative_to", "is an alternative to"
    USES = "uses", "uses"
    DRAWS_ON = "draws_on", "draws on"
    SUPPORTS = "supports", "supports"
    DEEPENS = "deepens", "deepens"
    USED_WITH = "used_with", "is often used with"
    UNDERLIES = "underlies", "underlies"
    CONTRASTS_WITH = "contrasts_with", "contrasts with"

    @property
    def reverse(self) -> str:
        """The words read from the other end; the same words when the connection is symmetric."""
        return _REVERSE.get(self, self.label)

    @property
    def is_symmetric(self) -> bool:
        """Whether both ends say the same."""
        return self not in _REVERSE


_REVERSE: dict[Kind, str] = {
    Kind.BUILDS_ON: "is built on by",
    Kind.ANSWERS: "is answered by",
    Kind.USES: "is used in",
    Kind.DRAWS_ON: "is drawn on by",
    Kind.SUPPORTS: "is supported by",
    Kind.DEEPENS: "is deepened by",
    Kind.UNDERLIES: "rests on",
}
