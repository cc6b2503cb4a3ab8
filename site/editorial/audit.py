"""Looking a live page over: what it lacks, and where its links and those of the settings lead. The reports read it."""

import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.contrib.settings.registry import registry
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page

from core.advice.contents import parts
from core.advice.rules import description_is_missing, pictures_without_words
from core.models import BasePage
from core.worker import stopping
from editorial.anchors import settle_anchors
from editorial.faults import settle
from editorial.links import Found, links_of, links_on, titles
from editorial.models import ExternalAddress, PageAudit, PageLink

# Raise it when what is written changes: every page is then looked over again.
RULES = 1
# Addresses of this site may come to nothing without a word, so each page is looked over that often at least.
LASTS = timedelta(days=7)
# How many pages are looked over between two looks at the clock.
BATCH = 50


def audit(page: Page) -> None:
    """Look a live page over and keep what was found. What is found again stays as it is, also that it is ignored."""
    specific = page.specific
    links = links_on(specific)
    with transaction.atomic():
        # First the audit itself: of two processes that look over the same new page one waits here for the other.
        PageAudit.objects.update_or_create(page_id=page.pk, defaults=_lacks(specific))
        _keep(links, page=page)
    settle(PageLink.objects.filter(page=page))
    _settle_parts({link.page for link in links if link.anchor} | {page.pk})


def site_settings() -> list[type[BaseSiteSetting]]:
    """The settings of the site that editors change: the navigation and others, whose links every page shows."""
    return [model for model in registry if issubclass(model, BaseSiteSetting)]


def audit_setting(model: type[BaseSiteSetting]) -> None:
    """Look the links of a setting over, as those of a page. When there is no such setting any more they go."""
    name = model._meta.label_lower
    with transaction.atomic():
        # Of two processes that look over the same setting one waits here for the other.
        setting = model._default_manager.select_for_update(of=("self",)).filter(site__is_default_site=True).first()
        links = links_of(setting) if setting is not None else []
        _keep(links, setting=name)
    settle(PageLink.objects.filter(setting=name))
    _settle_parts({link.page for link in links if link.anchor})


def _settle_parts(keys: set[int | None]) -> None:
    for target in Page.objects.filter(pk__in=keys):
        settle_anchors(target)


def _lacks(page: Any) -> dict[str, Any]:
    """What a page has and lacks. Of pages that are not ours nothing is said."""
    is_ours = isinstance(page, BasePage)
    return {
        "audited_at": timezone.now(),
        "rules": RULES,
        "has_picture": not is_ours or has_picture(page),
        "has_description": not is_ours or not any(description_is_missing(page)),
        "pictures_without_words": len(list(pictures_without_words(page))),
        "review_by": getattr(page, "review_by", None),
    }


def has_picture(page: Any) -> bool:
    """Whether an editor has chosen a picture anywhere: in lists, when shared, or on the page."""
    images = get_image_model()
    chosen = (getattr(page, field.attname) for field in page._meta.concrete_fields if field.related_model is images)
    return any(chosen) or any(isinstance(block, ImageBlock) and value for _, block, value in parts(page))


def _keep(found: list[Found], **place: Any) -> None:
    """Make the kept links those that were found.

    Args:
        place: `page` or `setting`, as PageLink has them.
    """
    kept = {link.identity: link for link in PageLink.objects.filter(**place)}
    addresses, named = _addresses({link.address for link in found if link.address}), titles(found)
    for link in found:
        row = _row(place, link, addresses, named)
        if (known := kept.pop(row.identity, None)) is None:
            row.save()
        elif known.leads_to != row.leads_to:
            known.leads_to = row.leads_to
            known.save(update_fields=["leads_to"])
    PageLink.objects.filter(pk__in=[link.pk for link in kept.values()]).delete()


def _row(
    place: dict[str, Any], link: Found, addresses: dict[str, ExternalAddress], named: dict[tuple[str, int], str]
) -> PageLink:
    """What is kept of a link. Faults of pages and documents of this site are written later, by `settle`."""
    external = addresses.get(link.address)
    fault = PageLink.Fault.NOWHERE if link.nowhere else ""
    if external is not None and external.is_broken:
        fault = PageLink.Fault.ELSEWHERE
    title = named.get(("page", link.page or 0)) or named.get(("document", link.document or 0)) or ""
    leads_to = link.address or link.nowhere or title
    return PageLink(
        **place,
        field=link.field[:255],
        words=link.words[:255],
        leads_to=f"{leads_to}#{link.anchor}"[:500] if link.anchor else leads_to[:500],
        target_page=link.page,
        target_document=link.document,
        external=external,
        anchor=link.anchor[:255],
        fault=fault,
    )


def _addresses(wanted: set[str]) -> dict[str, ExternalAddress]:
    """The records of addresses elsewhere, new ones made."""
    digests = {hashlib.sha256(address.encode()).hexdigest(): address for address in wanted}
    known = ExternalAddress.objects.filter(digest__in=digests)
    new = digests.keys() - set(known.values_list("digest", flat=True))
    ExternalAddress.objects.bulk_create(
        [
            ExternalAddress(digest=digest, address=address, host=(urlsplit(address).hostname or "")[:255])
            for digest, address in digests.items()
            if digest in new
        ],
        ignore_conflicts=True,
    )
    return {address.address: address for address in known.all()}


def due() -> QuerySet[Page]:
    """The live pages that are to be looked over: new or published since, or not for a week, or by old rules."""
    return Page.objects.filter(depth__gt=1, live=True).filter(
        Q(editorial_audit__isnull=True)
        | Q(editorial_audit__audited_at__lt=F("last_published_at"))
        | Q(editorial_audit__audited_at__lt=timezone.now() - LASTS)
        | ~Q(editorial_audit__rules=RULES)
    )


def audit_due(limit: timedelta = timedelta(minutes=4)) -> int:
    """Look over what is due, for so long at most. Returns how many pages."""
    ends, done = timezone.now() + limit, 0
    while not stopping.is_set() and timezone.now() < ends:
        pages = list(due().order_by("pk")[:BATCH])
        for page in pages:
            if stopping.is_set():
                break
            audit(page)
            done += 1
        if len(pages) < BATCH:
            break
    return done
