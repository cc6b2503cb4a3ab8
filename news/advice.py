"""What an editor of news should look at before it is published."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.advice import Advice
from core.advice.contents import label

if TYPE_CHECKING:
    from news.models import NewsArticlePage


def picture_without_words(page: "NewsArticlePage") -> Iterator[Advice]:
    """The picture above the text, whose alt text is the description of the picture itself (WCAG 1.1.1)."""
    picture = page.listing_image
    if picture is not None and not picture.default_alt_text:
        message = f"The picture “{picture.title}” is shown above the text, but nobody has described it."
        yield Advice(label(page, "listing_image"), message, "Open it under Images and fill in its description.")
