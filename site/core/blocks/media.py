"""Blocks with pictures, files, videos, figures and tables."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock

from core import video
from core.blocks.links import LinkBlock
from core.visibility import only_public


class DescribedImageBlock(ImageBlock):
    """Wagtail's picture with alt text, with words on what to write there and when to leave it."""

    HELP = {
        "decorative": "Tick this when the picture adds nothing to the words beside it. Listeners hear nothing of it.",
        "alt_text": "What the picture shows, for people who cannot see it. For example: Boats beneath a row of houses",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in self.HELP.items():
            self.child_blocks[name].field.help_text = words


class PictureBlock(blocks.StructBlock):
    """A picture with alt text (or said to be decorative) and a caption."""

    image = DescribedImageBlock()
    caption = blocks.CharBlock(required=False, max_length=255, help_text="A sentence beneath it: who, where, when.")

    class Meta:
        icon = "image"
        label = "Picture"
        group = "Pictures and files"
        template = "components/blocks/picture.html"
        description = "A picture with what it shows in words, and a caption."

    def get_preview_value(self) -> Any:
        """The newest picture, so that editors see one of their own."""
        newest = get_image_model()._default_manager.order_by("-pk").first()
        picture = {"image": newest, "alt_text": "What the picture shows", "decorative": False}
        return self.normalize({"image": picture, "caption": "A sentence beneath the picture."})


class VideoBlock(blocks.StructBlock):
    """A video of YouTube or Vimeo. Nothing is loaded from there before a reader asks for it."""

    address = blocks.URLBlock(help_text="On YouTube or Vimeo, for example: https://vimeo.com/1084537")
    title = blocks.CharBlock(max_length=160, help_text="What the video shows, for example: A day in a market town")
    transcript = blocks.RichTextBlock(
        required=False,
        features=["ol", "ul", "link"],
        help_text="What is said, for people who cannot hear or play it.",
    )

    class Meta:
        icon = "media"
        label = "Video"
        group = "Pictures and files"
        template = "components/blocks/video.html"
        description = "A video of YouTube or Vimeo, loaded only when a reader asks for it."
        preview_value = {"address": "https://vimeo.com/1084537", "title": "A short film about a place"}

    def clean(self, value: Any) -> Any:
        """Accept only the services of core.video.

        Raises:
            StructBlockValidationError: when the address is of another service.
        """
        value = super().clean(value)
        if value.get("address") and not video.player_address(value["address"]):
            message = "Use the address of a video on YouTube or Vimeo, like https://www.youtube.com/watch?v=..."
            raise blocks.StructBlockValidationError({"address": ValidationError(message)})
        return value

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the player's address, which is empty for an address that is not on the list."""
        return super().get_context(value, parent_context) | {"player": video.player_address(value.get("address") or "")}


class DownloadBlock(blocks.StructBlock):
    """A document to download, with its kind and size."""

    document = DocumentChooserBlock()
    description = blocks.CharBlock(
        required=False, max_length=255, help_text="Leave empty to use the document's summary."
    )

    class Meta:
        icon = "doc-full"
        label = "Document to download"
        group = "Pictures and files"
        template = "components/blocks/download.html"
        description = "A file, with its kind and size."

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Give the template the document, unless it is gone or in a private collection."""
        document = next(iter(only_public([value.get("document")])), None)
        return super().get_context(value, parent_context) | {"document": document}

    def get_preview_value(self) -> Any:
        """The newest document, so that editors see one of their own."""
        return self.normalize({"document": get_document_model()._default_manager.order_by("-pk").first()})


class KeyFigureBlock(blocks.StructBlock):
    """A figure, what it measures and where it comes from."""

    figure = blocks.CharBlock(max_length=20, help_text="For example: 63 or £82bn")
    label = blocks.CharBlock(max_length=120, help_text="What it counts, for example: local authorities taking part")
    source = blocks.CharBlock(
        required=False, max_length=200, help_text="Where it comes from, so that a reader can check it."
    )

    class Meta:
        icon = "order"
        label = "Figure"


class KeyFiguresBlock(blocks.StructBlock):
    """One to four figures side by side."""

    figures = blocks.ListBlock(KeyFigureBlock(), min_num=1, max_num=4)

    class Meta:
        icon = "order"
        label = "Key figures"
        group = "Pictures and files"
        template = "components/blocks/key_figures.html"
        description = "Up to four figures, each with what it counts and its source."
        preview_value = {
            "figures": [
                {"figure": "13", "label": "pilot areas", "source": "Total Place, 2009 to 2010"},
                {"figure": "63", "label": "local authorities", "source": "Total Place, 2009 to 2010"},
            ]
        }


class DataTableBlock(blocks.StructBlock):
    """A table with a caption and column headings."""

    caption = blocks.CharBlock(max_length=200, help_text="What the table shows, for example: Pilot areas by place")
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(required=False)),
            ("number", blocks.FloatBlock(required=False)),
            ("rich_text", blocks.RichTextBlock(required=False, features=["bold", "link"])),
        ]
    )

    class Meta:
        icon = "table"
        label = "Table"
        group = "Pictures and files"
        template = "components/blocks/table.html"
        description = "Rows and columns, with a caption that says what they show."

    def get_preview_value(self) -> Any:
        """A small table."""
        columns = [{"type": "text", "heading": "Place"}, {"type": "number", "heading": "Pilot areas"}]
        rows = [{"values": ["Cornwall", 1]}, {"values": ["Cumbria", 2]}]
        return self.to_python(
            {"caption": "Pilot areas by place", "table": {"columns": columns, "rows": rows, "caption": ""}}
        )


class CallToActionBlock(blocks.StructBlock):
    """What the reader can do next."""

    heading = blocks.CharBlock(max_length=120, help_text="For example: Bring a group together")
    text = blocks.TextBlock(required=False, max_length=300, help_text="A sentence on what happens then.")
    link = LinkBlock()

    class Meta:
        icon = "pick"
        label = "Call to action"
        group = "What next"
        template = "components/blocks/call_to_action.html"
        description = "One thing to do next, with a button."
        preview_value = {
            "heading": "Bring a group together",
            "text": "Tell us about the place and the question.",
            "link": {"page": None, "address": "https://www.example.org/", "label": "Get in touch"},
        }
