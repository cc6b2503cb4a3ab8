"""What the tests put into the running site besides its starting content. Runs inside that site: `manage.py shell`."""

from urllib.parse import urlsplit

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from newsletter.models import Interest, Subscriber
from newsletter.preferences import preferences_url
from newsletter.states import State
from tests import factories as make

PASSWORD = "a long password for tests"
# One person of each role, who has no other role.
LOGINS = {
    "plain-editor": "Editor",
    "plain-publisher": "Publisher",
    "newsletter-manager": "Newsletter manager",
    "site-manager": "Site manager",
}
# A place in Wales: lists show it as a title, so that no word is too long for any of them.
LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
# One page of each of these, at the address `everything` beneath its section.
FULL_PAGES = [
    make.StandardPageFactory,
    make.PersonPageFactory,
    make.ProgrammePageFactory,
    make.CaseStoryPageFactory,
    make.NewsArticlePageFactory,
    make.IssuePageFactory,
]


def furnish() -> None:
    """Make a login for each role, pages with every block on them, and a reader of the newsletter.

    Prints the address of that reader's own page.
    """
    for name, role in LOGINS.items():
        user = get_user_model()._default_manager.create_user(name, password=PASSWORD)
        user.groups.add(Group.objects.get(name=role))
    for factory in FULL_PAGES:
        factory(
            full=True,
            title="A page with everything on it",
            slug="everything",
            listing_title=LONG_WORD,
            search_description="Every field is filled, and there is one of each block.",
        )
    Interest.objects.create(label="News of programmes")
    reader = Subscriber.objects.create(
        email="reader@example.org", email_key="reader@example.org", first_name="Ada", state=State.SUBSCRIBED
    )
    print(urlsplit(preferences_url(reader)).path)
