"""How long a text takes to read."""

import math
from collections.abc import Iterable

from wagtail.blocks import StreamValue

# What adults read silently of English in a minute, on average (Brysbaert 2019, "How many words do we read per
# minute?", Journal of Memory and Language 109: 238 for texts that are not fiction).
WORDS_A_MINUTE = 238


def reading_minutes(texts: Iterable[str | StreamValue]) -> int:
    """Minutes that some texts take together, rounded up; 0 when there is nothing to read."""
    return math.ceil(sum(map(_count_words, texts)) / WORDS_A_MINUTE)


def _count_words(text: str | StreamValue) -> int:
    if isinstance(text, StreamValue):
        return sum(map(_count_words, text.stream_block.get_searchable_content(text)))
    return len(str(text).split())
