"""The starting content of the mailing list: its pages, a sample issue and the first words of consent."""

from collections.abc import Iterable

from wagtail.models import Page

from core.content import Content
from newsletter.models import ConsentWording, Interest, IssuePage, IssuesPage, NewsletterPage, ThankYouPage

FIRST_WORDING = (
    "By signing up you agree that the Leadership Centre, a UK charity, emails you its newsletter with news and "
    "updates from its work, whenever there is something to tell. You can unsubscribe at any time with the link in "
    "every email. We use Mailchimp to send it; our privacy notice says how your details are kept."
)

# What the newsletter page says people will get.
TOPICS = {
    "stories": "Stories from places",
    "programmes": "Programmes that are open",
    "change-making": "The Art of Change Making",
}


def load(content: Content) -> None:
    """Add the newsletter page, the thank-you page, the first topics and version 1 of the wording."""
    content.step("newsletter.wording.1", publish_first_wording)
    for position, (key, label) in enumerate(TOPICS.items()):
        content.record(f"newsletter.topic.{key}", lambda label=label, position=position: topic(label, position))
    sign_up = content.page("newsletter.page.newsletter", home(content), newsletter_page)
    content.page("newsletter.page.thank-you", sign_up, thank_you_page)
    content.page("newsletter.page.issues", sign_up, issues_page)


def connect(content: Content) -> None:
    """Begin an issue as a draft, once there are pages for it."""
    stories = [content.find(f"programmes.story.{slug}") for slug in SAMPLE_STORIES]
    content.draft(
        "newsletter.issue.sample", content.find("newsletter.page.issues"), lambda: sample_issue(filter(None, stories))
    )


# What the sample issue shows, where it is there.
SAMPLE_STORIES = ("food-and-cornwall", "gloucestershire")


def home(content: Content) -> Page | None:
    """The home page: the site's root, whichever app made it."""
    from wagtail.models import Site

    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    return site.root_page.specific if site else None


def publish_first_wording() -> None:
    """Publish version 1, unless an editor has published a wording already."""
    if not ConsentWording.objects.filter(version__isnull=False).exists():
        wording = ConsentWording(text=FIRST_WORDING)
        wording.save()
        wording.publish()


def topic(label: str, position: int) -> Interest:
    """A topic on offer; the one that an editor has made already, when there is one of that name."""
    return Interest.objects.filter(label=label).first() or Interest(label=label, sort_order=position)


def newsletter_page() -> NewsletterPage:
    """The sign-up page."""
    return NewsletterPage(
        title="Newsletter",
        slug="newsletter",
        introduction="Join the mailing list for the latest news and updates from the Leadership Centre.",
        search_description=(
            "Join the Leadership Centre's mailing list: stories from places, programmes that are open, and what "
            "public-service leaders are learning, by email."
        ),
        body=(
            "<h2>What you will get</h2>"
            "<ul>"
            "<li>Stories from the places we work with, and what was learned there</li>"
            "<li>Programmes that are open, with their closing dates</li>"
            "<li>Approaches from The Art of Change Making, explained</li>"
            "</ul>"
            "<h2>How it works</h2>"
            "<p>We write when there is something to tell. If you are new to the list, we may send you one email with a "
            "link. Follow it to confirm that the address is yours: so nobody else can sign you up. If it does not come "
            "within a few minutes, look in your spam folder.</p>"
            "<p>Every email has a link to unsubscribe. We use Mailchimp to send the newsletter.</p>"
        ),
    )


def thank_you_page() -> ThankYouPage:
    """The page that everybody sees who signs up."""
    return ThankYouPage(
        title="Thank you",
        slug="thank-you",
        noindex=True,
        search_description="Thank you for signing up to the newsletter. What happens next.",
        heading_to_confirm="Thank you: now check your inbox",
        message_to_confirm=(
            "Thanks for signing up to the newsletter. We ask everyone who is new to the list to confirm that the "
            "address is theirs: open the email from us and follow its link."
        ),
        heading="Thank you for signing up",
        message="Thanks for signing up to the newsletter. The next one will come to your inbox.",
        body=(
            "<p>An email from us can take a few minutes. If you cannot see it, look in your spam folder. If you are on "
            "the list already, there is nothing to confirm and no email will come.</p>"
            '<p>While you wait, read <a href="/case-stories/">stories from places</a> or explore '
            '<a href="/art-of-change-making/">The Art of Change Making</a>.</p>'
        ),
    )


def issues_page() -> IssuesPage:
    """The archive of the newsletter."""
    return IssuesPage(
        title="Newsletter issues",
        slug="issues",
        introduction="Every newsletter that we have sent, newest first.",
        search_description="Past issues of the Leadership Centre's newsletter, to read on the website.",
    )


def sample_issue(stories: Iterable[Page]) -> IssuePage:
    """An issue to go on with: real pages, and words that are marked as a sample."""
    words = "<p><b>Sample text.</b> Say in your own words why people should read on, and then take this line out.</p>"
    pages = [("page", {"page": story, "summary": "", "with_picture": True}) for story in stories]
    news = {"heading": "Latest news", "kind": "news", "most": 5}
    return IssuePage(
        title="Stories from places",
        slug="stories-from-places",
        introduction="What people in different places found when they worked on a problem together.",
        preview_text="Stories from places, and the latest news.",
        parts=[("words", words), *pages, ("latest", news)],
    )
