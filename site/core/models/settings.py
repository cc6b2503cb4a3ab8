"""What editors say once for the whole site."""

from django.db import models
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField

from core.fields import StreamField


class SocialLinkBlock(blocks.StructBlock):
    """The organisation's page on another service."""

    name = blocks.CharBlock(max_length=40, help_text="For example: LinkedIn")
    address = blocks.URLBlock(help_text="The address of your page there, beginning with https://")

    class Meta:
        icon = "site"
        label = "Social link"
        group = "Links"
        description = "Your page on another service, linked from the footer."


@register_setting(icon="cog")
class SiteSettings(BaseSiteSetting):
    """Contact, charity number, announcement and social links."""

    description = models.CharField(
        "description",
        max_length=300,
        blank=True,
        help_text="One sentence on who you are. Shown in the footer, and to search engines for pages that say nothing.",
    )
    charity_number = models.CharField(
        "charity number", max_length=20, blank=True, help_text="Shown in the footer. Digits only."
    )
    email = models.EmailField("email address", blank=True, help_text="Shown in the footer.")
    telephone = models.CharField("telephone", max_length=40, blank=True)
    postal_address = models.TextField("postal address", max_length=300, blank=True)
    social_links = StreamField([("link", SocialLinkBlock())], blank=True, verbose_name="social links")
    announcement = RichTextField(
        "announcement",
        blank=True,
        max_length=300,
        features=["bold", "link"],
        help_text="A line above every page, for example a closing date. Leave empty for none.",
    )
    privacy_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name="privacy notice",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Linked from the footer and from the sign-up form.",
    )
    security_contact = models.EmailField(
        "security contact", blank=True, help_text="Published in security.txt for people who find a weakness."
    )

    panels = (
        FieldPanel("description"),
        FieldPanel("announcement"),
        MultiFieldPanel(
            [
                FieldPanel("charity_number"),
                FieldPanel("email"),
                FieldPanel("telephone", help_text="Shown in the footer, as people dial it in the United Kingdom."),
                FieldPanel("postal_address", help_text="Shown in the footer, one part of the address on each line."),
                FieldPanel("privacy_page"),
                FieldPanel("security_contact"),
            ],
            "Who you are",
        ),
        FieldPanel("social_links", help_text="Your pages on other services, linked from the footer."),
    )

    class Meta:
        verbose_name = "site settings"
