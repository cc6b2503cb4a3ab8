"""What is looked at before an issue is sent: errors keep it from being sent, warnings are for a person to weigh."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup
from django.conf import settings

from core.advice import Advice
from core.advice.contents import texts
from core.advice.links import broken_links, vague_links
from core.advice.rules import sample_text
from core.networks import is_on_this_machine
from core.visibility import is_visible
from newsletter.campaigns.letter import POSTAL_ADDRESS, UNSUBSCRIBE, Letter
from newsletter.models import Campaign, IssuePage

# Gmail shows no more than 102 KB of an email, and so may hide the link to unsubscribe.
CLIPPED_AT = 102 * 1024
# What telephones show of a subject.
LONG_SUBJECT = 60
MERGE_TAG = re.compile(r"\*\|(?P<name>[^|*\n]{1,80})\|\*")
# Tags that every audience has (Mailchimp's "All the merge tags cheat sheet"), and ours.
KNOWN_TAGS = frozenset(
    ("FNAME", "LNAME", "EMAIL", "PREFS", "UNSUB", "UPDATE_PROFILE", "ARCHIVE", "CURRENT_YEAR", "END:IF", "ELSE:")
)
KNOWN_KINDS = ("IF:", "ELSEIF:", "IFNOT:", "LIST:", "HTML:", "DATE:", "TITLE:", "UPPER:", "LOWER:")
WHOLE_ADDRESS = re.compile(r"https?://[^/\s]+|mailto:|tel:|\*\|")


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Attributes:
        is_error: whether it keeps the issue from being sent.
        text: what is wrong and what to do about it.
    """

    is_error: bool
    text: str


@dataclass(frozen=True)
class Subject:
    """What is looked at: the campaign, the version of the issue that would be sent, and the email made from it."""

    campaign: Campaign
    issue: IssuePage
    letter: Letter


Check = Callable[[Subject], Iterator[Finding]]


def findings(campaign: Campaign, issue: IssuePage, letter: Letter) -> list[Finding]:
    """What the checks found, errors first."""
    subject = Subject(campaign, issue, letter)
    found = dict.fromkeys(finding for check in CHECKS for finding in check(subject))
    return sorted(found, key=lambda finding: not finding.is_error)


def error(text: str) -> Finding:
    return Finding(True, text)


def warning(text: str) -> Finding:
    return Finding(False, text)


def connection(subject: Subject) -> Iterator[Finding]:
    """Whether there is a way to Mailchimp, and one for readers to the site."""
    if not settings.MAILCHIMP_API_KEY:
        yield error("Mailchimp is not connected, so nothing can be sent (docs/integrations/mailchimp.md says how).")
    if is_on_this_machine(settings.SITE_URL):
        yield warning(f"Links lead to {settings.SITE_URL}, which works on this computer only. This is a trial site.")


def publication(subject: Subject) -> Iterator[Finding]:
    """Whether readers can open the web version, and whether it is the version that is sent."""
    if not subject.issue.live:
        yield error("The issue is not published, so its web version cannot be read. A publisher has to publish it.")
    elif not is_visible(subject.issue):
        yield error("The web version is private. Take its privacy away, so that readers can open it.")
    elif subject.issue.has_unpublished_changes:
        yield warning("There are changes that are not published. What is sent is the published version.")


def inbox(subject: Subject) -> Iterator[Finding]:
    """What people see in their inbox."""
    words = subject.letter.subject
    if len(words) > LONG_SUBJECT:
        yield warning(f"The subject has {len(words)} characters. Telephones show about {LONG_SUBJECT}.")
    if not subject.letter.preview_text:
        yield warning("There is no preview text, so inboxes show the first words of the issue instead.")


def contents(subject: Subject) -> Iterator[Finding]:
    """Parts in which there is nothing."""
    shown = subject.letter.sections
    if not shown and not subject.issue.introduction:
        yield error("There is nothing in it: no introduction, no words and no pages.")
    headings = {section.heading for section in shown if section.is_list}
    for part in subject.issue.parts:
        if part.block_type == "latest" and part.value["heading"] not in headings:
            heading = part.value["heading"]
            yield warning(f"“{heading}” is left out: nothing was published since the last issue.")


def pictures(subject: Subject) -> Iterator[Finding]:
    """Pictures that say nothing to people who cannot see them, or that are not there."""
    shown = [entry for section in subject.letter.sections for entry in section.entries if entry.picture]
    number = len(BeautifulSoup(subject.letter.html, "html.parser")("img"))
    if number < len(shown):
        yield error("The file of a picture is missing. Choose another picture for the page, or none.")
    for entry in shown:
        if entry.picture and not entry.picture.default_alt_text:
            yield warning(
                f"The picture of “{entry.title}” has no alt text. Open it under Images and fill in its description."
            )


def links(subject: Subject) -> Iterator[Finding]:
    """Links that lead nowhere, or only from this site."""
    for advice in (*broken_links(subject.issue), *sample_text(subject.issue)):
        yield error(_in_words(advice))
    for advice in vague_links(subject.issue):
        yield warning(_in_words(advice))
    for link in BeautifulSoup(subject.letter.html, "html.parser")("a"):
        if not WHOLE_ADDRESS.match(str(link.get("href", ""))):
            yield error(
                f"The link “{link.get_text(strip=True)}” has no whole address, such as https://www.example.org/"
            )


def _in_words(advice: Advice) -> str:
    return f"{advice.message} {advice.remedy}"


def merge_tags(subject: Subject) -> Iterator[Finding]:
    """Mailchimp's tags in what editors wrote: mistyped ones are shown to readers as they are."""
    issue = subject.issue
    written = [issue.subject, issue.preview_text, issue.title, issue.introduction]
    written += [BeautifulSoup(source, "html.parser").get_text() for _, source in texts(issue)]
    written += [entry.summary for section in subject.letter.sections for entry in section.entries]
    text = "\n".join(written)
    for tag in MERGE_TAG.finditer(text):
        name = tag["name"].upper()
        if name not in KNOWN_TAGS and not name.startswith(KNOWN_KINDS):
            yield warning(f"{tag[0]} may be no merge tag of Mailchimp's. If it is not, readers see it as it stands.")
    rest = MERGE_TAG.sub("", text)
    if "*|" in rest or "|*" in rest:
        yield error("A merge tag is not complete. It begins with *| and ends with |*, for example *|FNAME|*.")
    if MERGE_TAG.search("\n".join(written[2:])):
        yield warning("Merge tags are filled in in the email only. The web version shows them as they stand.")


def law(subject: Subject) -> Iterator[Finding]:
    """What must be in every issue, and can be seen in it."""
    for tag, words in ((UNSUBSCRIBE, "the link to unsubscribe"), (POSTAL_ADDRESS, "the postal address")):
        if tag not in subject.letter.html or tag not in subject.letter.plain_text:
            yield error(f"The email lacks {words}.")
    size = len(subject.letter.html.encode())
    if size > CLIPPED_AT:
        yield error(f"The email has {size // 1024} KB. Gmail shows 102 KB and hides the rest. Take something out.")


def test_email(subject: Subject) -> Iterator[Finding]:
    """Whether somebody has seen this version in an inbox."""
    if subject.campaign.tested_fingerprint != subject.letter.fingerprint:
        yield warning("This version has not been sent as a test yet.")


CHECKS: tuple[Check, ...] = (connection, publication, inbox, contents, pictures, links, merge_tags, law, test_email)
