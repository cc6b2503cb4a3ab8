"""Loading the starting content: each thing once, and never in an editor's way."""

import io

from django.core.management import call_command
from wagtail.models import Page

from core.content import load_all
from core.models import LoadedContent, SiteSettings
from news.models import NewsArticlePage, NewsCategory
from programmes.models import CaseStoryPage, Place, ProgrammePage
from tests.loaded_site import LoadedSite


def everything() -> str:
    """The whole database, as text."""
    out = io.StringIO()
    call_command("dumpdata", stdout=out)
    return out.getvalue()


class LoadingAgain(LoadedSite):
    """A second load changes nothing, whatever editors have done in between."""

    def test_adds_nothing_and_changes_nothing(self) -> None:
        before = everything()
        out = io.StringIO()
        call_command("load_content", stdout=out)
        self.assertIn("nothing changed", out.getvalue())
        self.assertGreater(self.added, 100)
        self.assertEqual(everything(), before)

    def test_keeps_what_an_editor_wrote(self) -> None:
        story = CaseStoryPage.objects.get(slug="food-and-cornwall")
        story.title = "An editor’s title"
        story.challenge = [("text", "<p>An editor’s words.</p>")]
        story.save_revision().publish()
        NewsCategory.objects.filter(slug="events").update(name="Occasions")
        SiteSettings.objects.update(description="An editor’s description")
        before = everything()
        self.assertEqual(load_all(), 0)
        self.assertEqual(everything(), before)
        self.assertContains(self.client.get(story.url), "An editor’s words.")

    def test_keeps_a_draft_a_draft(self) -> None:
        page = NewsArticlePage.objects.get(slug="twenty-years")
        page.unpublish()
        self.assertEqual(load_all(), 0)
        self.assertFalse(NewsArticlePage.objects.get(slug="twenty-years").live)

    def test_does_not_bring_back_what_an_editor_deleted(self) -> None:
        ProgrammePage.objects.get(slug="total-place").delete()
        Page.objects.get(slug="news").specific.delete()
        Place.objects.get(slug="cornwall").delete()
        before = everything()
        self.assertEqual(load_all(), 0)
        self.assertEqual(everything(), before)
        self.assertFalse(NewsArticlePage.objects.exists())

    def test_leaves_a_moved_page_where_it_is(self) -> None:
        contact, about = Page.objects.get(slug="contact"), Page.objects.get(slug="about")
        contact.specific.move(about.specific, pos="last-child")
        before = everything()
        self.assertEqual(load_all(), 0)
        self.assertEqual(everything(), before)
        self.assertEqual(Page.objects.get(slug="contact").url, "/about/contact/")

    def test_adds_only_what_is_new(self) -> None:
        """As after an update of the software that comes with one more page."""
        article = NewsArticlePage.objects.get(slug="twenty-years")
        article.delete()
        LoadedContent.objects.filter(key__startswith="news.article.twenty-years").delete()
        self.assertEqual(load_all(), 2)  # the page, and its links
        self.assertEqual(len(NewsArticlePage.objects.get(slug="twenty-years").related_links), 2)
