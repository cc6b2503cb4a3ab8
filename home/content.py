"""The starting content of the site's frame: home, beliefs, approach, people, standard pages, menu, settings."""

from typing import Any

from wagtail.models import Page, Site

from core.content import Content
from core.models import Navigation, SiteSettings
from core.writing import append, call_to_action, download, heading, link, prose, related_pages
from home.models import BeliefsPage, HomePage, PeoplePage, PrinciplesPage, StandardPage
from home.starting_content import beliefs, front, privacy, standard_pages, survey
from home.starting_content.pdf import write_pdf
from home.starting_content.principles import PRINCIPLES

WELCOME_TITLE = "Welcome to your new Wagtail site!"


def load(content: Content) -> None:
    """Add the home page and the pages beneath it that belong to no other app."""
    home = content.page("home.home", Page.get_first_root_node(), home_page)
    content.step("home.site", lambda: serve_from(home))
    content.document(
        "home.survey-2016",
        survey.TITLE,
        survey.FILE_NAME,
        lambda: write_pdf(survey.TITLE, survey.PARAGRAPHS),
        survey.SUMMARY,
    )
    content.page("home.beliefs", home, beliefs_page)
    content.page("home.approach", home, approach_page)
    content.page("home.about", home, lambda: about_page(content))
    content.page("home.people", home, people_page)
    content.page("home.contact", home, contact_page)
    content.page("home.privacy", home, privacy_page)
    content.page("home.accessibility", home, accessibility_page)


def connect(content: Content) -> None:
    """Link the frame to the pages of every app."""
    content.step("home.beliefs.stories", lambda: add_stories_to_beliefs(content))
    content.step("home.home.links", lambda: add_links_to_home(content))
    content.step("home.navigation", lambda: fill_navigation(content))
    content.step("home.settings", lambda: fill_settings(content))
    end_with_next_pages(content)


def home_page() -> HomePage:
    """The home page. Its slug is in no address: it is the root of the site."""
    return HomePage(
        title="Leadership Centre",
        slug="leadership-centre",
        seo_title="Developing public-service leaders",
        search_description=(
            "A UK charity that develops public-service leaders. We work with them in their own places, on problems "
            "that no organisation can solve alone."
        ),
        hero_heading=front.HERO_HEADING,
        introduction=front.INTRODUCTION,
        change_making_text=front.CHANGE_MAKING_TEXT,
        body=front.BODY,
    )


def serve_from(home: HomePage | None) -> None:
    """Make the home page the root of the default site, in place of Wagtail's welcome page.

    A site that an editor has given another root keeps it.
    """
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if home is None or site is None or not is_welcome_page(site.root_page):
        return
    welcome = site.root_page
    site.root_page, site.site_name = home, "Leadership Centre"
    site.save()
    welcome.delete()


def is_welcome_page(page: Page) -> bool:
    """Whether it is the page that Wagtail's first migration makes, as it was made."""
    return page.title == WELCOME_TITLE and page.specific_class is Page and page.numchild == 0


def beliefs_page() -> BeliefsPage:
    """The five beliefs; their stories are added when they are there."""
    return BeliefsPage(
        title="Beliefs",
        slug="beliefs",
        introduction=(
            "Five beliefs shape everything we do. We hold them because of what we have seen in places, and we are "
            "glad to be argued with about any of them."
        ),
        search_description=(
            "The five beliefs behind our work on place, politics, relational skills, the citizen, and how theory and "
            "practice feed each other."
        ),
        beliefs=[
            {"type": "belief", "value": {"heading": title, "statement": statement, "because": because, "stories": []}}
            for title, statement, because, _ in beliefs.BELIEFS
        ],
    )


def approach_page() -> PrinciplesPage:
    """The seven principles."""
    return PrinciplesPage(
        title="Approach",
        slug="approach",
        listing_title="Our approach",
        introduction=(
            "Seven principles guide how we work with leaders and places. None of them is a method. Together they are "
            "a promise about what working with us is like."
        ),
        search_description=(
            "Seven principles guide how the Leadership Centre works with places and public-service leaders: wholly "
            "bespoke, political, and without blueprints."
        ),
        principles=[
            {"type": "principle", "value": {"heading": title, "body": prose(words)}} for title, words in PRINCIPLES
        ],
    )


def about_page(content: Content) -> StandardPage:
    """Who we are, with the survey to download."""
    return StandardPage(
        title="About us",
        slug="about",
        introduction=standard_pages.ABOUT_INTRODUCTION,
        search_description=(
            "Who we are: a UK charity that has developed public-service leaders since 2004. What we do, how we began "
            "and what participants say."
        ),
        body=[*standard_pages.ABOUT, download(content.find("home.survey-2016"))],
    )


def people_page() -> PeoplePage:
    """The core team and the enablers, without anybody's name until there are facts."""
    return PeoplePage(
        title="People",
        slug="people",
        introduction=front.PEOPLE_INTRODUCTION,
        search_description=(
            "The core team and the enablers of the Leadership Centre: experienced practitioners who support leaders in "
            "their own places."
        ),
        body=prose(front.PEOPLE),
    )


def contact_page() -> StandardPage:
    """How to reach us."""
    return StandardPage(
        title="Contact",
        slug="contact",
        introduction=standard_pages.CONTACT_INTRODUCTION,
        search_description="How to reach the Leadership Centre about a place, a programme or this website.",
        body=standard_pages.CONTACT,
    )


def privacy_page() -> StandardPage:
    """The privacy notice."""
    return StandardPage(
        title="Privacy notice",
        slug="privacy",
        introduction=privacy.INTRODUCTION,
        search_description=(
            "What the Leadership Centre’s website keeps about you, why, for how long and what rights you have. No "
            "cookies, no tracking."
        ),
        body=privacy.BODY,
        review_by=standard_pages.REVIEW_BY,
    )


def accessibility_page() -> StandardPage:
    """The accessibility statement."""
    return StandardPage(
        title="Accessibility statement",
        slug="accessibility",
        introduction=standard_pages.ACCESSIBILITY_INTRODUCTION,
        search_description=(
            "How accessible the Leadership Centre’s website is, what has not been checked yet, and how to tell us "
            "about a problem."
        ),
        body=standard_pages.ACCESSIBILITY,
        review_by=standard_pages.REVIEW_BY,
    )


def add_stories_to_beliefs(content: Content) -> None:
    """Put beside each belief the stories that show it."""
    page = content.find("home.beliefs")
    if page is None:
        return
    blocks = list(page.beliefs.raw_data)
    for block, (_, _, _, keys) in zip(blocks, beliefs.BELIEFS, strict=True):
        block["value"]["stories"] = [story.pk for key in keys if (story := content.find(key))]
    page.beliefs = blocks
    page.save_revision(clean=False).publish()


def add_links_to_home(content: Content) -> None:
    """Give the home page the links of its hero and the way to About us. Its stories are the newest ones."""
    page = content.find("home.home")
    if page is None:
        return
    targets = [("programmes.stories", "Read the stories"), ("programmes.index", "See the programmes")]
    page.hero_links = [{"type": "link", "value": link(content.find(key), words)} for key, words in targets]
    about = call_to_action(
        "Who we are", "A charity since 2008, and a critical friend of public services.", content.find("home.about"), ""
    )
    page.body = [*page.body.raw_data, about]
    page.save_revision(clean=False).publish()


def end_with_next_pages(content: Content) -> None:
    """Say at the end of a page where to go next."""

    def find(*keys: str) -> list[Page | None]:
        return [content.find(key) for key in keys]

    more = find("home.beliefs", "home.approach", "home.people", "programmes.index")
    append(content, "home.about", "body", related_pages("Read on", *more))
    append(
        content,
        "home.approach",
        "body",
        heading("From principles to practice"),
        call_to_action(
            "The Art of Change Making",
            "The principles say how we work. The tools, approaches and skills that we work with are gathered here.",
            content.find("changemaking.index"),
            "Explore the approaches",
        ),
    )
    append(content, "home.contact", "body", related_pages("Before you write", *find("home.about", "programmes.index")))
    append(content, "home.privacy", "body", related_pages("Where to write", *find("home.contact")))
    append(content, "home.accessibility", "body", related_pages("Where to write", *find("home.contact")))


def fill_navigation(content: Content) -> None:
    """Fill the menu and the footer, unless an editor has done so."""

    def links(keys: list[str]) -> list[dict[str, Any]]:
        pages = [page for key in keys if (page := content.find(key))]
        return [link(page) for page in pages]

    site = Site.objects.filter(is_default_site=True).first()
    navigation = Navigation.for_site(site) if site else None
    if navigation is None or navigation.menu or navigation.footer:
        return
    navigation.menu = [{"type": "link", "value": value} for value in links(front.MENU)]
    navigation.footer = [
        {"type": "column", "value": {"heading": title, "links": links(keys)}} for title, keys in front.FOOTER
    ]
    navigation.save()


def fill_settings(content: Content) -> None:
    """Say who we are and where the privacy notice is, unless an editor has done so."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        return
    settings = SiteSettings.for_site(site)
    settings.description = settings.description or front.DESCRIPTION
    settings.privacy_page = settings.privacy_page or content.find("home.privacy")
    settings.save()
