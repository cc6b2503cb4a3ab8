"""The kinds of things that can be found, in readers' words. Each page model says its own (`BasePage.search_kind`)."""

from functools import cache

from django.utils.text import slugify
from wagtail.models import get_page_models

from core.models import BasePage

DOCUMENTS = "Documents"


@cache
def words_of_kinds() -> dict[str, str]:
    """The words of each kind by their slug, which is the address of its filter."""
    models = [model for model in get_page_models() if issubclass(model, BasePage) and model.search_kind]
    return {slugify(words): words for words in sorted({DOCUMENTS, *(model.search_kind for model in models)})}
