"""What the site starts with: finished pages that say what is known, and no more."""

import io
from itertools import pairwise

from pypdf import PdfReader
from wagtail.blocks import StreamValue
from wagtail.models import Page, Site

from core.advice import advice_for
from core.content import Content
from core.fields import StreamField
from core.models import Navigation, SiteDocument, SiteSettings
from home import content as home_content
from home.models import HomePage
from home.starting_content import survey
from news.models import NewsArticlePage
from programmes.models import CaseStoryPage, ProgrammePage
from tests.loaded_site import LoadedSite, live_pages

ADDRESSES = [
    "/",
    "/beliefs/",
    "/approach/",
    "/programmes/",
    "/programmes/future-vision/",
    "/programmes/local-vision/",
    "/programmes/total-place/",
    "/programmes/systems-leadership-alliance/",
    "/case-stories/",
    "/case-stories/alcohol-strategy/",
    "/case-stories/food-and-cornwall/",
    "/case-stories/gloucestershire/",
    "/case-stories/cohort-alumni/",
    "/news/",
    "/news/category/mezzanine/",
    "/art-of-change-making/",
    "/art-of-change-making/wicked-problems/",
    "/about/",
    "/people/",
    "/contact/",
    "/privacy/",
    "/accessibility/",
    "/newsletter/",
    "/newsletter/thank-you/",
]

# What the pages must say, as facts or names that must not drift.
FACTS = {
    "/about/": ["opened in 2004", "Leadership Development Commission of 2002 and 2003", "charity in 2008", "In 2016"],
    "/programmes/future-vision/": ["Cohort", "Running", "Since 2012", "20 to 25", "adaptive leadership", "Boston"],
    "/programmes/local-vision/": ["Place-based", "From 2013", "About 50", "University of the West of England"],
    "/programmes/total-place/": ["Countrywide", "Completed", "£82bn", "63", "34", "12", "13", "Over 80", "20%"],
    "/programmes/systems-leadership-alliance/": ["Place-based", "continued support for places after Local Vision"],
    "/case-stories/food-and-cornwall/": ["Cornwall", "no one in Cornwall goes hungry", "23 interviews", "Local Vision"],
    "/case-stories/gloucestershire/": ["obesity across generations", "reported to the Health and Wellbeing Board"],
    "/case-stories/alcohol-strategy/": ["fewer attendances at A&E", "pooled commissioning budget"],
    "/case-stories/cohort-alumni/": ["promotions or new roles"],
    "/news/can-mezzanine/": ["CAN Mezzanine", "Old Street, London", "creative", "collaborate"],
    "/news/mezzanine-interview/": ["Sample text", "Project Officer", "More about the office space", "Mezzanine"],
    "/news/twenty-years/": ["October 2024", "BT Tower"],
    "/news/twenty-one-years/": ["June 2025"],
    "/news/survey-2016/": ["overwhelmingly positive", "Participant survey 2016", "PDF"],
    "/news/local-vision-evaluation/": ["October 2015", "University of the West of England"],
    "/privacy/": ["no cookies for readers", "Mailchimp", "Intuit", "United States", "exact words", "consent"],
    "/accessibility/": ["2.2", "AA", "not been audited by a third party"],
}

BELIEFS = [
    "It’s all about ‘place’",
    "Politics matters",
    "Leading is about relational skills",
    "The citizen is central",
    "Theory and practice feed each other",
]
PRINCIPLES = [
    "It’s about leadership, not just leaders",
    "Leadership is of the place, not just the organisation",
    "Respect difference",
    "Leading means telling a story",
    "Leading requires ‘reading’",
    "Politics matters",
    "Show, don’t tell",
]


class StartingContent(LoadedSite):
    """What the site starts with is complete, works and says what is known, and no more."""

    # --- Home, the site's root, the menu and the settings ---

    def test_home_is_the_root_of_the_only_site(self) -> None:
        site = Site.objects.get()
        self.assertEqual((site.site_name, site.is_default_site), ("Leadership Centre", True))
        self.assertIsInstance(site.root_page.specific, HomePage)
        self.assertFalse(Page.objects.filter(title=home_content.WELCOME_TITLE).exists())

    def test_a_root_that_an_editor_chose_is_kept(self) -> None:
        site = Site.objects.get()
        about = Page.objects.get(slug="about")
        site.root_page = about
        site.save()
        home_content.serve_from(HomePage.objects.get())
        self.assertEqual(Site.objects.get().root_page, about)

    def test_menu_and_footer_lead_to_the_pages(self) -> None:
        navigation = Navigation.objects.get()
        self.assertEqual(
            [(block.value.text, block.value.url) for block in navigation.menu],
            [
                ("Beliefs", "/beliefs/"),
                ("Approach", "/approach/"),
                ("Programmes", "/programmes/"),
                ("Case stories", "/case-stories/"),
                ("The Art of Change Making", "/art-of-change-making/"),
                ("News", "/news/"),
            ],
        )
        footer = [link.url for block in navigation.footer for link in block.value["links"]]
        for address in ("/about/", "/people/", "/contact/", "/newsletter/", "/privacy/", "/accessibility/"):
            self.assertIn(address, footer)

    def test_a_menu_that_an_editor_made_is_kept(self) -> None:
        navigation = Navigation.objects.get()
        navigation.menu = navigation.menu.raw_data[:1]
        navigation.save()
        home_content.fill_navigation(Content())
        self.assertEqual(len(Navigation.objects.get().menu), 1)

    def test_settings_state_no_fact_that_is_not_known(self) -> None:
        settings = SiteSettings.objects.get()
        self.assertTrue(settings.description)
        self.assertEqual(settings.privacy_page, Page.objects.get(slug="privacy"))
        unknown = (settings.charity_number, settings.email, settings.telephone, settings.postal_address)
        self.assertEqual((*unknown, settings.announcement), ("", "", "", "", ""))

    # --- Every page is finished: it renders, leads somewhere, and says what it must ---

    def test_every_address_answers(self) -> None:
        for address in ADDRESSES:
            with self.subTest(address):
                self.read(address)

    def test_every_page_has_one_first_heading_and_skips_no_level(self) -> None:
        for page in live_pages():
            with self.subTest(page.url):
                levels = self.read(page.url).headings
                self.assertEqual(levels.count(1), 1)
                self.assertEqual([(a, b) for a, b in pairwise(levels) if b > a + 1], [])

    def test_every_link_within_the_site_answers(self) -> None:
        links = {link for page in live_pages() for link in self.read(page.url).links if link.startswith("/")}
        self.assertGreater(len(links), 50)
        for link in sorted(links):
            with self.subTest(link):
                self.assertEqual(self.client.get(link).status_code, 200)

    def test_pages_say_the_facts(self) -> None:
        for address, facts in FACTS.items():
            text = self.read(address).text
            for fact in facts:
                with self.subTest(address, fact=fact):
                    self.assertIn(fact, text)

    def test_every_page_has_an_introduction_and_a_description(self) -> None:
        for page in live_pages():
            with self.subTest(page.url):
                self.assertTrue(40 <= len(page.search_description) <= 160, len(page.search_description))
                if page.slug != "thank-you":  # its heading and message take the place of an introduction
                    self.assertTrue(40 <= len(page.introduction) <= 600, len(page.introduction))

    def test_no_two_pages_have_the_same_description_or_introduction(self) -> None:
        for name in ("search_description", "introduction"):
            words = [getattr(page, name) for page in live_pages() if getattr(page, name)]
            self.assertEqual(len(words), len(set(words)), name)

    def test_nothing_is_filled_with_dummy_text_or_left_as_markup(self) -> None:
        for page in live_pages():
            text = self.read(page.url).text
            with self.subTest(page.url):
                self.assertNotRegex(text.lower(), r"\blorem\b|\bipsum\b|\btodo\b|\btbc\b|\bxxx\b|&amp;|<p>|\{contact\}")

    def test_an_editor_can_save_every_page_as_it_is(self) -> None:
        """What the loader wrote passes the checks that the admin makes."""
        for page in live_pages():
            with self.subTest(page.url):
                page.full_clean()
                for field in page._meta.get_fields():
                    if isinstance(field, StreamField):
                        value = getattr(page, field.name)
                        self.assertIsInstance(field.stream_block.clean(value), StreamValue)

    def test_editors_are_advised_of_nothing_but_sample_text(self) -> None:
        advised = {page.slug: {advice.message for advice in advice_for(page)} for page in live_pages()}
        self.assertEqual(
            {slug for slug, messages in advised.items() if messages},
            {"people", "contact", "privacy", "accessibility", "survey-2016", "mezzanine-interview"},
        )
        self.assertEqual(set().union(*advised.values()), {"It still holds sample text."})

    def test_every_page_is_published_as_an_editor_would(self) -> None:
        for page in live_pages():
            with self.subTest(page.url):
                self.assertTrue(page.latest_revision_id)
                self.assertEqual(page.live_revision_id, page.latest_revision_id)
                self.assertFalse(page.has_unpublished_changes)

    # --- What is asked for, in number and in kind ---

    def test_five_beliefs_with_because_and_stories(self) -> None:
        values = [block.value for block in Page.objects.get(slug="beliefs").specific.beliefs]
        self.assertEqual([value["heading"] for value in values], BELIEFS)
        for value in values:
            self.assertTrue(value["statement"])
            self.assertRegex(value["because"], r"^[a-z].*\.$")
            self.assertTrue(list(value["stories"]))

    def test_seven_principles_in_order(self) -> None:
        values = [block.value for block in Page.objects.get(slug="approach").specific.principles]
        self.assertEqual([value["heading"] for value in values], PRINCIPLES)
        self.assertEqual(values[-1].anchor, "show-dont-tell")
        self.assertTrue(all(len(value["body"].source) > 200 for value in values))

    def test_four_programmes_with_their_kinds(self) -> None:
        programmes = ProgrammePage.objects.order_by("path").values_list("slug", "kind", "status", "ground")
        self.assertEqual(
            list(programmes),
            [
                ("future-vision", "cohort", "running", "water"),
                ("local-vision", "place-based", "completed", "moss"),
                ("total-place", "countrywide", "completed", "sand"),
                ("systems-leadership-alliance", "place-based", "running", "moss"),
            ],
        )

    def test_four_stories_each_with_outcomes_and_their_sources(self) -> None:
        stories = CaseStoryPage.objects.all()
        self.assertEqual(len(stories), 4)
        for story in stories:
            with self.subTest(story.slug):
                self.assertTrue(story.place_label and story.theme and story.challenge and story.what_was_done)
                self.assertTrue(story.outcomes and story.learned)
                self.assertTrue(all(block.value["source"] for block in story.outcomes))

    def test_the_only_figure_among_the_outcomes_is_the_known_one(self) -> None:
        figures = [value.amount for story in CaseStoryPage.objects.all() for value in story.figures]
        self.assertEqual(figures, ["23 interviews"])

    def test_the_place_that_must_not_be_named_is_not(self) -> None:
        story = CaseStoryPage.objects.get(slug="alcohol-strategy")
        self.assertIsNone(story.place)
        self.assertEqual(story.grid_reference, "")

    def test_a_story_names_an_approach_only_where_its_use_is_known(self) -> None:
        used = {story.slug: [page.slug for page in story.get_approaches()] for story in CaseStoryPage.objects.all()}
        self.assertEqual(used.pop("food-and-cornwall"), ["learning-history"])
        self.assertEqual(set(map(tuple, used.values())), {()})
        approach = self.read("/art-of-change-making/learning-history/")
        self.assertIn("/case-stories/food-and-cornwall/", approach.links)

    def test_at_least_eight_news_items_with_tags_and_links(self) -> None:
        articles = NewsArticlePage.objects.all()
        self.assertGreaterEqual(len(articles), 8)
        for article in articles:
            with self.subTest(article.slug):
                self.assertTrue(article.tags.exists())
                self.assertTrue(all(block.value.url for block in article.related_links) and article.related_links)
                self.assertEqual(article.date.day, 1)  # no day is known, so none is claimed
                self.assertEqual(article.author_label, "")
        names = set(articles.exclude(category=None).values_list("category__name", flat=True))
        self.assertEqual(names, {"Mezzanine", "Events", "Programmes", "Publications"})

    def test_the_interview_is_marked_as_sample_text_before_its_first_answer(self) -> None:
        blocks = list(NewsArticlePage.objects.get(slug="mezzanine-interview").body)
        kinds = [block.block_type for block in blocks]
        self.assertGreaterEqual(kinds.count("question"), 5)
        notice = next(str(block.value) for block in blocks if block.block_type == "text")
        self.assertLess(kinds.index("text"), kinds.index("question"))
        self.assertIn("Sample text", notice)

    def test_nobody_is_invented(self) -> None:
        self.assertEqual([page for page in live_pages() if type(page).__name__ == "PersonPage"], [])
        kinds = {
            block.block_type
            for page in live_pages()
            for field in page._meta.get_fields()
            if isinstance(field, StreamField)
            for block in getattr(page, field.name)
        }
        self.assertNotIn("quotation", kinds)
        self.assertLessEqual({"text", "key_figures", "table", "accordion", "question", "download", "sign_up"}, kinds)

    # --- The document to download ---

    def test_it_is_served_and_opens(self) -> None:
        document = SiteDocument.objects.get()
        response = self.client.get(document.url)
        self.assertEqual((response.status_code, response["Content-Type"]), (200, "application/pdf"))
        reader = PdfReader(io.BytesIO(response.getvalue()), strict=True)
        assert reader.metadata is not None
        self.assertEqual((len(reader.pages), reader.metadata.title), (1, survey.TITLE))
        text = " ".join(reader.pages[0].extract_text().split())
        for _, words in survey.PARAGRAPHS:
            self.assertIn(words, text)

    def test_about_and_news_lead_to_it(self) -> None:
        document = SiteDocument.objects.get()
        for address in ("/about/", "/news/survey-2016/"):
            self.assertIn(document.url, self.read(address).links)
