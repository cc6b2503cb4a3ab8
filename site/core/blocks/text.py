"""Blocks of words."""

import re
from typing import Any

from django.utils.text import slugify
from wagtail import blocks

INLINE = ["bold", "italic", "link", "document-link"]
PROSE = [*INLINE, "ol", "ul"]


class HeadingValue(blocks.StructValue):
    """A heading that can be linked to."""

    @property
    def anchor(self) -> str:
        """The id of the heading in the page, from its words."""
        return slugify(self.get("text") or "") or "section"


class HeadingBlock(blocks.StructBlock):
    """A heading in the text. The page's title is the first level, so text starts with the second."""

    text = blocks.CharBlock(max_length=120, help_text="For example: What changed in the place")
    level = blocks.ChoiceBlock(
        search_index=False,  # what kind of heading it is, is no word of the page
        choices=[("2", "Section"), ("3", "Part of a section")],
        default="2",
        help_text="Parts belong beneath a section.",
    )

    class Meta:
        icon = "title"
        label = "Heading"
        group = "Words"
        template = "components/blocks/heading.html"
        value_class = HeadingValue
        description = "Divides a long text. Readers jump from heading to heading."
        preview_value = {"text": "What changed in the place", "level": "2"}


class TextBlock(blocks.RichTextBlock):
    """Paragraphs and lists."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"features": PROSE} | kwargs))

    class Meta:
        icon = "pilcrow"
        label = "Text"
        group = "Words"
        template = "components/blocks/text.html"
        description = "Paragraphs, lists and links."
        preview_value = (
            "<p>Every place differs. So we begin by <b>listening to the people who live and work there</b>, "
            "and the work is shaped by what they say.</p>"
        )


class QuotationBlock(blocks.StructBlock):
    """Somebody's words, with who said them."""

    quotation = blocks.TextBlock(max_length=1000, help_text="Without quotation marks: they are added.")
    source = blocks.CharBlock(max_length=160, help_text="Who said it, for example: a council leader, Cornwall")
    source_detail = blocks.CharBlock(required=False, max_length=160, help_text="For example: chief executive, 2015")

    class Meta:
        icon = "openquote"
        label = "Quotation"
        group = "Words"
        template = "components/blocks/quotation.html"
        description = "Words of a person or a book, with their source."
        preview_value = {
            "quotation": "The words of a person stand here, with who said them below.",
            "source": "Name of the person",
            "source_detail": "Their role",
        }


class QuestionAndAnswerBlock(blocks.StructBlock):
    """One question of an interview and its answer."""

    question = blocks.CharBlock(max_length=300, help_text="As it was asked, for example: What does a day look like?")
    answer = blocks.RichTextBlock(features=PROSE, help_text="In the words of the person who answered.")

    class Meta:
        icon = "help"
        label = "Question and answer"
        group = "Words"
        template = "components/blocks/question.html"
        description = "For interviews: the question, then the answer."
        preview_value = {"question": "What does a day look like?", "answer": "<p>No two are the same.</p>"}


class AccordionItemBlock(blocks.StructBlock):
    """A line that opens to show more."""

    heading = blocks.CharBlock(max_length=160, help_text="For example: Who can take part?")
    body = blocks.RichTextBlock(features=PROSE, help_text="What is shown when the reader opens this part.")

    class Meta:
        icon = "arrow-down"
        label = "Part"


class AccordionBlock(blocks.StructBlock):
    """Parts that open one at a time, for detail that few readers need."""

    items = blocks.ListBlock(AccordionItemBlock(), min_num=1, max_num=20)

    class Meta:
        icon = "list-ul"
        label = "Accordion"
        group = "Words"
        template = "components/blocks/accordion.html"
        description = "Headings that open. Use it for detail that only some readers need."
        preview_value = {
            "items": [
                {"heading": "Who can take part?", "body": "<p>Senior leaders of public services.</p>"},
                {"heading": "How long does it take?", "body": "<p>It depends on the place.</p>"},
            ]
        }


def word_count(html: str) -> int:
    """How many words a piece of markup shows, for the reading time."""
    return len(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", html)))
