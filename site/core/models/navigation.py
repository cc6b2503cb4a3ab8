"""The menu and the footer, edited in the CMS."""

from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from core import memory
from core.blocks.links import LinkBlock
from core.fields import StreamField


class FooterColumnBlock(blocks.StructBlock):
    """A heading with links beneath it."""

    heading = blocks.CharBlock(max_length=40, help_text="For example: About us")
    links = blocks.ListBlock(LinkBlock(), max_num=10, help_text="Up to ten.")

    class Meta:
        icon = "list-ul"
        label = "Column"
        group = "Links"
        description = "A heading with links beneath it, at the foot of every page."


@register_setting(icon="list-ul")
class Navigation(BaseSiteSetting):
    """The links at the top and the bottom of every page. Links to pages that are not live are left out."""

    menu = StreamField(
        [("link", LinkBlock())], blank=True, max_num=8, help_text="The links beside the name, at most eight."
    )
    footer = StreamField([("column", FooterColumnBlock())], blank=True, max_num=4)

    panels = (
        FieldPanel("menu"),
        FieldPanel("footer", help_text="Up to four columns of links, for example: About us"),
    )

    class Meta:
        verbose_name = "navigation"

    def read_pages(self) -> None:
        """Read the pages of all links in one query, before templates ask for them one list after the other."""
        links = [block["value"] for block in self.menu.raw_data]
        for block in self.footer.raw_data:
            links += [item.get("value", item) for item in block["value"]["links"]]
        memory.pages(link["page"] for link in links if link.get("page"))

    def get_menu(self) -> list[tuple[str, str]]:
        """Addresses and words of the menu's links that readers may follow."""
        return [(link.value.url, link.value.text) for link in self.menu if link.value.url]
