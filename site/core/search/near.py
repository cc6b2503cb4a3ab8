"""Words of the site that are written nearly like one that was mistyped.

Each word is kept under itself and under itself less one letter, each letter in turn. Whoever mistypes a letter, leaves
one out, adds one or swaps two shares such a key with the word that was meant, so that it is found in an index, however
many words there are. (The idea is symmetric deletion: Garbe, "1000x faster spelling correction", 2012.)
"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from django.db.models import F

from core.models import SearchWord

# Shorter words are near too many others; longer ones are no words.
LENGTHS = range(4, 31)
LETTERS = re.compile(r"[^\W\d_]+")
# How many words a key is asked for at most, and how many are offered for one that was mistyped.
MOST_READ, MOST_OFFERED = 200, 3


def learn(texts: Iterable[str]) -> None:
    """Remember the words of texts."""
    words = {word for text in texts for word in LETTERS.findall(text.lower()) if len(word) in LENGTHS}
    words -= known(words)
    rows = [SearchWord(key=key, word=word) for word in words for key in keys(word)]
    SearchWord.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def known(words: Iterable[str]) -> set[str]:
    """Those of the words that the site's titles and summaries have, or had."""
    words, found = list(words), set[str]()
    for start in range(0, len(words), 500):  # SQLite takes no more than 999 parameters everywhere
        part = words[start : start + 500]
        found |= set(SearchWord.objects.filter(key__in=part, word=F("key")).values_list("word", flat=True))
    return found


def keys(word: str) -> set[str]:
    """The word, and the word less each of its letters."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def near(words: Iterable[str]) -> dict[str, list[str]]:
    """For each word the nearest of the site's, best first, the word itself when the site has it. One query."""
    wanted = {word: keys(word) if len(word) in LENGTHS else {word} for word in words}
    rows = SearchWord.objects.filter(key__in=set().union(*wanted.values())).values_list("key", "word")
    by_key: dict[str, set[str]] = {}
    for key, word in rows[: MOST_READ * len(wanted)]:
        by_key.setdefault(key, set()).add(word)
    return {word: _best(word, set().union(*(by_key.get(key, set()) for key in each))) for word, each in wanted.items()}


def _best(word: str, candidates: set[str]) -> list[str]:
    if word in candidates:
        return [word]
    by_likeness = sorted(candidates, key=lambda other: (-SequenceMatcher(None, word, other).ratio(), other))
    return by_likeness[:MOST_OFFERED]
