"""The home page."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import PageChooserBlock
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from wagtail.search import index

from changemaking.models import ChangeMakingPage, group_approaches, listed_approaches
from core import listing, structured_data
from core.blocks.body import BodyBlock
from core.blocks.links import LinkBlock
from core.fields import StreamField
from core.models import BasePage, DrawnMapMixin
from core.models.base import load_renditions
from core.panels import counted
from core.visibility import below, visible
from home.models.standard import BeliefsPage
from news.models import NewsIndexPage
from news.models.articles import listed_articles
from programmes.models import CaseStoriesPage
from programmes.models.stories import listed_stories


class HomePage(DrawnMapMixin, BasePage):
    """The front of the site: who we are, what we believe, stories, the explorer, news."""

    STORIES = 3
    ARTICLES = 4
    SECTIONS = (BeliefsPage, CaseStoriesPage, NewsIndexPage, ChangeMakingPage)
    # By which a site that was brought over from WordPress told its posts and pages, before they had addresses.
    query_arguments = ("p", "page_id")

    hero_heading = models.CharField(
        "heading",
        max_length=80,
        blank=True,
        help_text="A few strong words. Leave empty to use the page's title.",
    )
    hero_links = StreamField([("link", LinkBlock())], blank=True, max_num=2, verbose_name="links beneath the heading")
    beliefs_heading = models.CharField(
        max_length=80,
        blank=True,
        default="What we believe",
        help_text="The beliefs come from the page Beliefs.",
    )
    stories_heading = models.CharField(max_length=80, blank=True, default="Stories from places")
    chosen_stories = StreamField(
        [("story", PageChooserBlock(page_type="programmes.CaseStoryPage"))],
        blank=True,
        max_num=3,
        help_text="Up to three. The newest fill the places that are left.",
    )
    change_making_heading = models.CharField("heading", max_length=80, blank=True, default="The Art of Change Making")
    change_making_text = models.TextField(
        "text", max_length=400, blank=True, help_text="One or two sentences above the approaches."
    )
    body = StreamField(BodyBlock(), blank=True, help_text="Anything else, above the news.")
    news_heading = models.CharField(max_length=80, blank=True, default="News")

    parent_page_types = ("wagtailcore.Page",)
    subpage_types = (
        "home.BeliefsPage",
        "home.PrinciplesPage",
        "home.StandardPage",
        "home.PeoplePage",
        "programmes.ProgrammesPage",
        "programmes.CaseStoriesPage",
        "news.NewsIndexPage",
        "changemaking.ChangeMakingPage",
        "newsletter.NewsletterPage",
    )
    max_count = 1

    content_panels = (
        BasePage.title_panel,
        MultiFieldPanel(
            [
                counted("hero_heading", 50),
                BasePage.introduction_panel,
                FieldPanel("hero_links", help_text="One or two buttons, for example: Read the stories"),
                FieldPanel("ground"),
            ],
            "At the top",
        ),
        FieldPanel("beliefs_heading"),
        MultiFieldPanel(
            [
                FieldPanel("stories_heading", help_text="For example: Stories from places"),
                FieldPanel("chosen_stories"),
            ],
            "Stories",
        ),
        MultiFieldPanel(
            [
                FieldPanel("change_making_heading", help_text="For example: The Art of Change Making"),
                FieldPanel("change_making_text"),
            ],
            "The Art of Change Making",
        ),
        FieldPanel("body"),
        FieldPanel("news_heading", help_text="For example: News. The four newest pieces follow it."),
    )
    search_fields = (*BasePage.search_fields, index.SearchField("body"))

    class Meta:
        verbose_name = "home page"

    @property
    def heading(self) -> str:
        """The words of the hero."""
        return self.hero_heading or self.title

    def get_stories(self) -> list[Any]:
        """Up to three live stories: those an editor chose, then the newest."""
        chosen = [block["value"] for block in self.chosen_stories.raw_data if block["value"]]
        return list(listing.chosen_first(listed_stories(), chosen)[: self.STORIES])

    def get_sections(self) -> dict[Any, Page]:
        """The live pages beneath this one that it tells of, by type. The page of beliefs comes with its beliefs."""
        # Of these types there are few pages: no database need look through all that lie somewhere beneath.
        of_types = Page.objects.type(*self.SECTIONS).select_related("beliefspage")
        return {page.specific_class: page for page in visible(below(self, of_types))}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, unless its address with the arguments is an old one of something else: /?p=123.

        Elsewhere Wagtail looks for redirects once there is no page; home is always there.
        """
        if not set(self.query_arguments).isdisjoint(request.GET):
            old = get_redirect(request, Redirect.normalise_path(request.get_full_path(), decode_unicode=False))
            if old is not None and old.link:
                return redirect(old.link, permanent=old.is_permanent)
        return super().serve(request, *args, **kwargs)

    def get_structured_data(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [structured_data.web_site(), *super().get_structured_data(request)]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what other pages of the site have to tell; each is None or empty when it is not there."""
        sections = self.get_sections()
        beliefs_page = sections.get(BeliefsPage)
        stories, articles = self.get_stories(), list(listed_articles()[: self.ARTICLES])
        load_renditions([self, *stories, *articles[:1]])
        return super().get_context(request, *args, **kwargs) | {
            "beliefs_page": beliefs_page,
            "beliefs": raw_beliefs(beliefs_page) if beliefs_page else [],
            "stories": stories,
            "stories_page": sections.get(CaseStoriesPage),
            "articles": articles,
            "news_page": sections.get(NewsIndexPage),
            "change_making_page": sections.get(ChangeMakingPage),
            "groups": group_approaches(listed_approaches()) if ChangeMakingPage in sections else [],
        }


def raw_beliefs(page: Any) -> list[dict[str, Any]]:
    """The beliefs of their page as they are stored: their stories, which home does not show, need not be read."""
    return [block["value"] for block in page.beliefspage.beliefs.raw_data]
