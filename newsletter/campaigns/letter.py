"""An issue as an email: HTML that holds up in Outlook and in the dark, and plain text.

The HTML is written in MJML, which mrml turns into nested tables with inline styles. wagtail-newsletter would bring the
same renderer, but with it views that call Mailchimp from the page's form without a limit of time, send a campaign after
its content could not be saved, and go by the right to publish; so mrml is used by itself.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

import mrml
from bs4 import BeautifulSoup
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Site
from wagtail.rich_text import expand_db_html

from core.feeds import xml_text
from core.models import SiteImage, SiteSettings
from newsletter.campaigns.contents import Entry, Section, absolute, sections_of
from newsletter.models import IssuePage

# The width that mail programs show without scrolling, and of pictures in it, in pixels.
WIDTH, PICTURE_WIDTH = 600, 552
# Twice the width, for sharp screens. JPEG, since Outlook shows neither WebP nor AVIF.
PICTURE = f"width-{PICTURE_WIDTH * 2}|format-jpeg|bgcolor-ffffff"
# Merge tags that Mailchimp fills in for each reader. The law and Mailchimp want the first two in every issue.
UNSUBSCRIBE, POSTAL_ADDRESS, PREFERENCES = "*|UNSUB|*", "*|LIST:ADDRESSLINE|*", "*|PREFS|*"
VERSION_TAG = '<meta name="issue-version" content="{}">'


@dataclass(frozen=True)
class Letter:
    """An issue as it is sent.

    Attributes:
        fingerprint: SHA-256 over all that readers get. It stands in the HTML, too, so that what is at Mailchimp can be
            compared with what was approved.
        sections: what it was made from.
    """

    subject: str
    preview_text: str
    html: str
    plain_text: str
    fingerprint: str
    sections: list[Section] = field(default_factory=list, compare=False)


def letter_of(issue: IssuePage) -> Letter:
    """Render an issue as it is in hand: the draft, a published one, an old revision."""
    sections = sections_of(issue)
    html = _html(issue, sections)
    plain_text = _plain_text(issue, sections)
    said = "\x00".join((issue.subject_line, issue.preview_text, html, plain_text))
    fingerprint = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    html = html.replace("</head>", f"{version_tag(fingerprint)}</head>", 1)
    return Letter(issue.subject_line, issue.preview_text, html, plain_text, fingerprint, sections)


def version_tag(fingerprint: str) -> str:
    """The element by which the version of an email is known."""
    return VERSION_TAG.format(fingerprint[:32])


def _html(issue: IssuePage, sections: list[Section]) -> str:
    context = _context(issue) | {
        "sections": [(section, _words(section), _pictures(section.entries)) for section in sections],
        "width": WIDTH,
        "picture_width": PICTURE_WIDTH,
    }
    source = xml_text(render_to_string("newsletter/email/issue.mjml", context))
    # Only fonts that every machine has: nothing is fetched. Comments of ours are left out, those for Outlook stay.
    return mrml.to_html(source, render_options=mrml.RenderOptions(disable_comments=True, fonts={})).content


def _context(issue: IssuePage) -> dict[str, Any]:
    site = Site.objects.filter(is_default_site=True).first()
    return {
        "issue": issue,
        "site_name": settings.WAGTAIL_SITE_NAME,
        "site_url": f"{settings.SITE_URL}/",
        "site_settings": SiteSettings.for_site(site) if site else SiteSettings(),
        "web_version": absolute(issue.url or ""),
        "unsubscribe": UNSUBSCRIBE,
        "postal_address": POSTAL_ADDRESS,
        "preferences": PREFERENCES,
    }


def _words(section: Section) -> SafeString:
    """A rich text with whole addresses, as XML that MJML can read; editors' markup is Wagtail's own."""
    soup = _soup(section)
    for link in soup("a"):
        if link.get("href"):
            link["href"] = absolute(str(link["href"]))
        else:  # a page that readers may not see: only the words stay
            link.unwrap()
    return mark_safe(str(soup))  # noqa: S308 - written by Wagtail from its own features


def _soup(section: Section) -> BeautifulSoup:
    source = section.words.source if section.words else ""
    return BeautifulSoup(expand_db_html(source), "html.parser")


def _pictures(entries: list[Entry]) -> list[tuple[Entry, str]]:
    return [(entry, _picture_address(entry.picture)) for entry in entries]


def _picture_address(picture: SiteImage | None) -> str:
    """Whole address of a picture; empty when there is none, or its file is gone."""
    if picture is None:
        return ""
    try:
        return absolute(picture.get_rendition(PICTURE).url)
    except OSError:
        return ""


def _plain_text(issue: IssuePage, sections: list[Section]) -> str:
    context = _context(issue)
    day = date_format(issue.date, "j F Y") if issue.date else ""
    blocks = [f"{settings.WAGTAIL_SITE_NAME}\n{day}".strip(), _headed(issue.title, "="), issue.introduction.strip()]
    for section in sections:
        blocks += [_words_as_text(section), _headed(section.heading, "-"), *map(_entry_as_text, section.entries)]
    blocks += [
        "-- ",
        f"You get this email because you joined the mailing list of the {settings.WAGTAIL_SITE_NAME}.",
        f"Read it on our website: {context['web_version']}" if context["web_version"] else "",
        f"*|IF:PREFS|*Choose what you get: {PREFERENCES}\n*|END:IF|*Unsubscribe: {UNSUBSCRIBE}",
        POSTAL_ADDRESS,
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _headed(words: str, line: str) -> str:
    return f"{words}\n{line * min(len(words), 70)}" if words else ""


def _entry_as_text(entry: Entry) -> str:
    return "\n".join(filter(None, (entry.title, entry.summary, entry.url)))


def _words_as_text(section: Section) -> str:
    soup = _soup(section)
    for link in soup("a"):
        if link.get("href"):
            link.append(f" ({absolute(str(link['href']))})")
    for item in soup("li"):
        item.insert(0, "- ")
        item.append("\n")
    for line_break in soup("br"):
        line_break.replace_with("\n")
    for block in soup(["p", "ul", "ol"]):
        block.append("\n")
    return re.sub(r"\n{3,}", "\n\n", soup.get_text()).strip()
