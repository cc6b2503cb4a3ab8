"""What is kept of live pages, and what happens to it as pages and documents come and go."""

import datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import PageViewRestriction, ReferenceIndex

from editorial import audit
from editorial.faults import settle
from editorial.models import CalendarLink, ExternalAddress, PageAudit, PageLink
from tests import factories as make

Fault = PageLink.Fault


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """A `with` block whose changes are committed at its end, as far as callbacks know."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def page_with(*texts, **fields):
    """A live page whose text is this markup."""
    body = [("text", text) for text in texts]
    return make.StandardPageFactory(body=body, **fields)


def to_page(page, words="the words", attributes=""):
    return f'<p><a linktype="page" id="{page.pk}"{attributes}>{words}</a></p>'


def faults(page):
    return {link.words: link.fault for link in PageLink.objects.filter(page=page)}


def test_every_kind_of_link_is_kept_with_what_it_leads_to(tree):
    document = make.SiteDocumentFactory(title="A report")
    page = page_with(
        to_page(tree.about, "a page"),
        f'<p><a linktype="document" id="{document.pk}">a document</a></p>',
        '<p><a href="https://example.org/x#part">elsewhere</a> <a href="mailto:a@example.org">mail</a></p>',
        '<p><a href="/about/">by address</a> <a href="/no-such-page/">nowhere</a> <a href="/search/">a view</a></p>',
        '<p><a linktype="page" id="999999">gone</a></p>',
    )
    audit.audit(page)
    kept = {link.words: link for link in PageLink.objects.filter(page=page)}
    assert {words: link.fault for words, link in kept.items()} == {
        "a page": "",
        "a document": "",
        "elsewhere": "",
        "by address": "",
        "nowhere": Fault.NOWHERE,
        "gone": Fault.GONE,
    }
    assert kept["by address"].target_page == tree.about.pk
    assert kept["a document"].leads_to == "A report"
    assert kept["elsewhere"].external.address == "https://example.org/x"
    assert kept["elsewhere"].external.host == "example.org"
    assert kept["nowhere"].reason == "There is nothing at this address of the site"


def test_what_a_full_page_links_to_is_kept_once_in_few_queries(full_site, django_assert_max_num_queries):
    page = next(page for page in full_site if type(page).__name__ == "CaseStoryPage").specific
    audit.audit(page)
    before = set(PageLink.objects.filter(page=page).values_list("pk", flat=True))
    assert before
    with django_assert_max_num_queries(70):
        audit.audit(page)
    assert set(PageLink.objects.filter(page=page).values_list("pk", flat=True)) == before
    assert not PageLink.objects.filter(page=page).exclude(fault="").exclude(fault=Fault.NOWHERE).exists()


def test_every_type_of_page_can_be_looked_over(full_site):
    assert audit.audit_due() >= len(full_site)
    assert not audit.due().exists()
    assert not PageAudit.objects.filter(page__in=[page.pk for page in full_site], has_description=False).exists()


def test_publishing_looks_a_page_over_at_once(tree, committed):
    page = make.StandardPageFactory()
    page.body = [("text", '<p><a href="/nothing-here/">words</a></p>')]
    with committed():
        page.save_revision().publish()
    assert faults(page) == {"words": Fault.NOWHERE}
    page.body = [("text", "<p>No link</p>")]
    with committed():
        page.save_revision().publish()
    assert faults(page) == {}


@pytest.mark.parametrize(
    "how", ["unpublished", "private", "beneath a private page", "deleted", "deleted with its parent"]
)
def test_links_break_at_once_when_their_page_goes(tree, committed, how):
    section = make.StandardPageFactory()
    target = make.StandardPageFactory(parent=section)
    page = page_with(to_page(target, "words"))
    audit.audit(page)
    assert faults(page) == {"words": ""}
    with committed():
        match how:
            case "unpublished":
                target.unpublish()
            case "private":
                PageViewRestriction.objects.create(page=target, restriction_type="login")
            case "beneath a private page":
                PageViewRestriction.objects.create(page=section, restriction_type="login")
            case "deleted":
                target.delete()
            case _:
                section.delete()
    assert faults(page) == {"words": Fault.GONE if "deleted" in how else Fault.HIDDEN}


def test_links_are_whole_again_at_once_when_their_page_is_back(tree, committed):
    target = make.StandardPageFactory(live=False)
    page = page_with(to_page(target, "words"))
    audit.audit(page)
    assert faults(page) == {"words": Fault.HIDDEN}
    with committed():
        target.save_revision().publish()
    assert faults(page) == {"words": ""}
    with committed():
        restriction = PageViewRestriction.objects.create(page=target, restriction_type="login")
    assert faults(page) == {"words": Fault.HIDDEN}
    with committed():
        restriction.delete()
    assert faults(page) == {"words": ""}


def test_links_to_documents_break_at_once(tree, committed):
    document = make.SiteDocumentFactory()
    page = page_with(f'<p><a linktype="document" id="{document.pk}">words</a></p>')
    audit.audit(page)
    with committed():
        document.delete()
    assert faults(page) == {"words": Fault.GONE}


def test_links_to_parts_of_pages_break_when_the_part_goes(tree, committed):
    target = make.StandardPageFactory(body=[("heading", {"text": "What changed", "level": "2"})])
    path = target.url
    page = page_with(f'<p><a href="{path}#what-changed">there</a> <a href="{path}#other">not there</a></p>')
    audit.audit(page)
    assert faults(page) == {"there": "", "not there": Fault.ANCHOR}
    target.body = [("heading", {"text": "Other", "level": "2"})]
    with committed():
        target.save_revision().publish()
    assert faults(page) == {"there": Fault.ANCHOR, "not there": ""}


def test_a_link_to_a_part_of_the_same_page(tree):
    page = page_with('<p><a href="#main">begin</a> <a href="#nothing">nothing</a></p>')
    audit.audit(page)
    assert faults(page) == {"begin": "", "nothing": Fault.ANCHOR}


def test_an_ignored_link_stays_ignored_until_it_breaks_anew(tree, committed, editor):
    target = make.StandardPageFactory(live=False)
    page = page_with(to_page(target, "words"))
    audit.audit(page)
    PageLink.objects.update(ignored_at=timezone.now(), ignored_by=editor)
    with committed():
        page.save_revision().publish()
    settle()
    assert PageLink.objects.get().ignored_at
    with committed():
        target.delete()
    assert PageLink.objects.get().ignored_at is None


def test_what_is_kept_of_a_page_is_no_usage_of_it(tree, editor):
    page = page_with(to_page(tree.about), '<p><a href="https://example.org/">elsewhere</a></p>')
    audit.audit(page)
    PageLink.objects.first().save()
    CalendarLink.objects.create(user=editor)
    ours = ContentType.objects.get_for_models(PageAudit, PageLink, CalendarLink).values()
    assert not ReferenceIndex.objects.filter(content_type__in=ours).exists()


def test_what_a_page_lacks(tree):
    bare = make.StandardPageFactory(introduction="", review_by=datetime.date(2025, 1, 31))
    audit.audit(bare)
    found = PageAudit.objects.get(page=bare)
    assert (found.has_picture, found.has_description) == (False, False)
    assert found.review_by == datetime.date(2025, 1, 31)
    bare.introduction, bare.listing_image = "Words.", make.SiteImageFactory()
    bare.save()
    audit.audit(bare)
    found.refresh_from_db()
    assert (found.has_picture, found.has_description) == (True, True)


def test_the_job_looks_over_what_is_new_changed_old_or_seen_by_old_rules(tree):
    audit.audit_due()
    pages = [make.StandardPageFactory() for _ in range(4)]
    now = timezone.now()
    for page in pages[:3]:
        audit.audit(page)
    of = {page.pk: PageAudit.objects.filter(page=page) for page in pages}
    of[pages[0].pk].update(audited_at=pages[0].last_published_at - datetime.timedelta(seconds=1))
    of[pages[1].pk].update(audited_at=now - audit.LASTS - datetime.timedelta(minutes=1))
    of[pages[2].pk].update(rules=audit.RULES + 1)
    make.StandardPageFactory(live=False)
    assert audit.audit_due() == 4
    assert audit.audit_due() == 0


def test_addresses_that_cannot_be_asked_for_are_left_alone(tree):
    page = page_with(
        '<p><a href="https://[bad">a</a> <a href="ftp://example.org/">b</a> <a href="tel:+44">c</a>'
        f'<a href="https://example.org/{"x" * 2100}">d</a> <a href="">e</a></p>'
    )
    audit.audit(page)
    assert not ExternalAddress.objects.exists()
    assert faults(page) == {}
