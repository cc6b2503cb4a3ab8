"""Links in the menu, the footer and the site settings: looked over when saved, listed for those who mend them."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from core.models import Navigation, SiteSettings
from editorial.audit import audit_setting
from editorial.jobs import settle_all
from editorial.models import ExternalAddress, PageLink
from editorial.outside import check
from tests import factories as make
from tests.editorial.test_reports import LINKS, rows, spreadsheet
from tests.html import parse

Fault = PageLink.Fault
NAVIGATION, SETTINGS = "core.navigation", "core.sitesettings"


def link(page: Any = None, address: str = "", label: str = "") -> dict[str, Any]:
    return {"page": page, "address": address, "label": label}


def kept(setting: str) -> dict[tuple[str, str], str]:
    """The fault of each link in a setting, by its field and words."""
    return {(row.field, row.words): row.fault for row in PageLink.objects.filter(setting=setting)}


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """A `with` block whose changes are committed at its end, as far as callbacks know."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def navigation(tree: Any, committed: Any) -> Navigation:
    """A menu with a page and a draft; a footer with an address where there is nothing, and one elsewhere."""
    draft = make.StandardPageFactory(title="A draft", live=False)
    links = [link(address="http://testserver/no-such-page/", label="nothing"), link(address="https://example.org/#x")]
    with committed():
        return Navigation.objects.create(
            site=Site.objects.get(),
            menu=[("link", link(tree.about)), ("link", link(draft, label="soon"))],
            footer=[("column", {"heading": "More", "links": links})],
        )


@pytest.fixture
def manager_client(db: None) -> Client:
    """A browser of somebody who may change the settings, and pages."""
    user = get_user_model()._default_manager.create_user("manager")
    user.groups.set(Group.objects.filter(name="Site manager"))
    client = Client()
    client.force_login(user)
    return client


def test_saving_looks_the_links_over_at_once(navigation: Navigation, committed: Any) -> None:
    assert kept(NAVIGATION) == {
        ("Menu", "About"): "",
        ("Menu", "soon"): Fault.HIDDEN,
        ("Footer", "nothing"): Fault.NOWHERE,
        ("Footer", "https://example.org/#x"): "",
    }
    assert ExternalAddress.objects.get().address == "https://example.org/"
    with committed():
        navigation.footer = []
        navigation.save()
    assert set(kept(NAVIGATION)) == {("Menu", "About"), ("Menu", "soon")}
    with committed():
        navigation.delete()
    assert not kept(NAVIGATION)


def test_texts_chosen_pages_and_social_links_are_links_too(tree: Any, committed: Any) -> None:
    with committed():
        SiteSettings.objects.create(
            site=Site.objects.get(),
            privacy_page=tree.about,
            announcement='<p><a linktype="page" id="999999">Apply</a> <a href="#main">here</a></p>',
            social_links=[("link", {"name": "LinkedIn", "address": "https://www.example.org/us"})],
        )
    assert kept(SETTINGS) == {
        ("Announcement", "Apply"): Fault.GONE,
        ("Social links", "https://www.example.org/us"): "",
        ("Privacy notice", "About"): "",
    }
    with committed():
        tree.about.unpublish()
    assert kept(SETTINGS)["Privacy notice", "About"] == Fault.HIDDEN


def test_a_menu_breaks_and_mends_with_its_pages(navigation: Navigation, tree: Any, committed: Any) -> None:
    with committed():
        restriction = PageViewRestriction.objects.create(page=tree.about, restriction_type="login")
    assert kept(NAVIGATION)["Menu", "About"] == Fault.HIDDEN
    with committed():
        restriction.delete()
    assert kept(NAVIGATION)["Menu", "About"] == ""
    with committed():
        tree.about.delete()
    assert kept(NAVIGATION)["Menu", "About"] == Fault.GONE


def test_what_nobody_told_of_is_seen_within_a_day(navigation: Navigation) -> None:
    PageLink.objects.filter(setting=NAVIGATION).delete()
    settle_all()
    assert kept(NAVIGATION)["Menu", "soon"] == Fault.HIDDEN
    before = set(PageLink.objects.values_list("pk", flat=True))
    audit_setting(Navigation)
    assert set(PageLink.objects.values_list("pk", flat=True)) == before


def test_addresses_elsewhere_are_asked_for(navigation: Navigation, settings: Any, monkeypatch: Any) -> None:
    settings.CHECK_EXTERNAL_LINKS = True
    asked: list[str] = []
    monkeypatch.setattr(check, "failure_of", lambda address: asked.append(address) or "It is gone.")
    assert check.check_due() == 1
    assert asked == ["https://example.org/"]
    ExternalAddress.objects.update(failed_on=timezone.localdate() - timezone.timedelta(days=1))
    check.record(ExternalAddress.objects.get(), "It is gone.")
    assert PageLink.objects.get(external__isnull=False).reason == "It is gone."
    assert check.forget_unused() == 0


def test_those_who_may_change_settings_are_led_to_them(navigation: Navigation, manager_client: Client) -> None:
    found = {row[2]: row for row in rows(manager_client, LINKS)}
    assert found["soon"][:2] == ["Navigation", "Menu"]
    assert found["soon"][3:5] == ["A draft", "Not published, or private"]
    table = parse(manager_client.get(LINKS).content.decode()).select_one("main table")
    [to_mend] = {a["href"] for a in table("a") if a.get_text(strip=True) == "Navigation"}
    answer = manager_client.get(to_mend, follow=True)
    assert (answer.status_code, answer.context["object"]) == (200, navigation)
    for query, is_found in {"?q=navigation": True, "?q=xylophone": False, "?ordering=-place": True}.items():
        assert bool(rows(manager_client, LINKS + query)) == is_found
    assert spreadsheet(manager_client, LINKS)[1][:3] == ["Navigation", "", "Menu"]
    assert "that readers meet" in manager_client.get("/admin/").content.decode()


def test_they_can_be_ignored(navigation: Navigation, manager_client: Client) -> None:
    broken = PageLink.objects.get(words="soon")
    manager_client.post(f"{LINKS}{broken.pk}/ignore/", {"ignored": "yes"})
    assert "soon" not in {row[2] for row in rows(manager_client, LINKS)}
    audit_setting(Navigation)
    assert PageLink.objects.get(pk=broken.pk).ignored_at


def test_others_do_not_see_them(navigation: Navigation, editor_client: Client) -> None:
    assert rows(editor_client, LINKS) == []
    broken = PageLink.objects.get(words="soon")
    assert editor_client.post(f"{LINKS}{broken.pk}/ignore/", {"ignored": "yes"}).status_code == 404


def test_a_link_stands_on_a_page_or_in_a_setting(tree: Any) -> None:
    for place in ({}, {"page": tree.about, "setting": NAVIGATION}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PageLink.objects.create(field="Body", leads_to="/old/", **place)
