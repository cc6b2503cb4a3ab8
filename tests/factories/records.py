"""Factories for pictures, documents and snippets."""

from io import BytesIO

import factory
import wagtail_factories
from django.core.files.base import ContentFile
from PIL import Image
from wagtail.models import Collection

from changemaking.models import ApproachGroup
from core.models import SiteDocument, SiteImage, StartingPoint
from news.models import NewsCategory
from programmes.models import Place, Theme
from tests.factories.base import register


@register
class SiteImageFactory(wagtail_factories.ImageFactory):
    """A picture large enough for every rendition."""

    collection = factory.LazyFunction(Collection.get_first_root_node)
    title = factory.Sequence(lambda number: f"Picture {number}")
    credit = "Photograph by an editor"
    file = factory.LazyAttribute(lambda made: ContentFile(picture(made.width, made.height), name="picture.png"))

    class Meta:
        model = SiteImage

    class Params:
        # Pixels. Large enough for every size that a page shows; where only the number of pictures matters, make less.
        width, height = 1280, 720


@register
class SiteDocumentFactory(wagtail_factories.DocumentFactory):
    """A document to download."""

    collection = factory.LazyFunction(Collection.get_first_root_node)
    title = factory.Sequence(lambda number: f"Document {number}")
    summary = "What is in the document."
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.4 a document", name="document.pdf"))

    class Meta:
        model = SiteDocument


def picture(width: int, height: int) -> bytes:
    """A PNG of one colour."""
    data = BytesIO()
    Image.new("RGB", (width, height), "#48a").save(data, "PNG")
    return data.getvalue()


class TermFactory(factory.django.DjangoModelFactory):
    """A snippet with a name and a slug."""

    name = factory.Sequence(lambda number: f"Term {number}")
    slug = factory.Sequence(lambda number: f"term-{number}")

    class Meta:
        abstract = True


@register
class PlaceFactory(TermFactory):
    grid_reference = "SW 83 45"

    class Meta:
        model = Place


@register
class ThemeFactory(TermFactory):
    class Meta:
        model = Theme


@register
class NewsCategoryFactory(TermFactory):
    description = "What this category is about."

    class Meta:
        model = NewsCategory


@register
class ApproachGroupFactory(TermFactory):
    summary = "What this group is about."

    class Meta:
        model = ApproachGroup


@register
class StartingPointFactory(factory.django.DjangoModelFactory):
    """A template for news articles."""

    name = factory.Sequence(lambda number: f"Template {number}")
    description = "When to choose it."
    model = "news.newsarticlepage"
    content = factory.LazyFunction(lambda: {"introduction": "What happened, in one sentence."})

    class Meta:
        model = StartingPoint
