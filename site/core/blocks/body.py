"""The body of a page: every block an editor can place in a text."""

from wagtail import blocks

from core.blocks.media import (
    CallToActionBlock,
    DataTableBlock,
    DownloadBlock,
    KeyFiguresBlock,
    PictureBlock,
    VideoBlock,
)
from core.blocks.pages import RelatedPagesBlock, SignUpBlock
from core.blocks.text import AccordionBlock, HeadingBlock, QuestionAndAnswerBlock, QuotationBlock, TextBlock


class BodyBlock(blocks.StreamBlock):
    """All blocks, grouped as the editor's menu shows them."""

    heading = HeadingBlock()
    text = TextBlock()
    quotation = QuotationBlock()
    question = QuestionAndAnswerBlock()
    accordion = AccordionBlock()
    picture = PictureBlock()
    video = VideoBlock()
    download = DownloadBlock()
    key_figures = KeyFiguresBlock()
    table = DataTableBlock()
    call_to_action = CallToActionBlock()
    related_pages = RelatedPagesBlock()
    sign_up = SignUpBlock()
