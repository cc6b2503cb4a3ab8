"""The menu, the footer and the settings, as editors fill them and readers see them."""

from typing import Any

import pytest
from wagtail.models import Site

from core.models import Navigation, SiteSettings
from tests import factories as make
from tests.html import parse, problems


def links(*pages: Any) -> list[dict[str, Any]]:
    return [{"page": page.pk, "address": "", "label": ""} for page in pages]


def navigation(menu: list[Any], columns: dict[str, list[Any]]) -> Navigation:
    fields = {name: Navigation._meta.get_field(name).stream_block for name in ("menu", "footer")}
    footer = [{"heading": heading, "links": items} for heading, items in columns.items()]
    return Navigation.objects.create(
        site=Site.objects.get(),
        menu=fields["menu"].to_python([{"type": "link", "value": item} for item in menu]),
        footer=fields["footer"].to_python([{"type": "column", "value": item} for item in footer]),
    )


def menu(client: Any, address: str = "/") -> list[tuple[str, str]]:
    """The words and addresses of the menu, without what is always there."""
    row = parse(client.get(address).content.decode()).select(".menu-row a")
    always = ("/search/", "/newsletter/", "#newsletter")
    return [(link.get_text(strip=True), link["href"]) for link in row if link["href"] not in always]


def test_the_menu_and_the_footer_are_what_editors_chose(tree, client):
    elsewhere = {"page": None, "address": "https://www.example.org/", "label": "Elsewhere"}
    navigation([*links(tree.about, tree.news), elsewhere], {"More": links(tree.people), "Others": links(tree.stories)})
    assert menu(client) == [("About", "/about/"), ("News", "/news/"), ("Elsewhere", "https://www.example.org/")]
    footer = parse(client.get("/").content.decode()).footer
    assert footer.find("nav", attrs={"aria-label": "More"}).a["href"] == "/people/"
    assert footer.find("nav", attrs={"aria-label": "Others"}).a["href"] == "/case-stories/"


def test_the_menu_says_where_the_reader_is(tree, client):
    article = make.NewsArticlePageFactory()
    navigation(links(tree.about, tree.news), {})
    for address, said in (("/news/", "page"), (article.url, "true")):
        current = parse(client.get(address).content.decode()).select(".menu-row [aria-current]")
        assert [(link["href"], link["aria-current"]) for link in current] == [("/news/", said)]


def test_links_to_drafts_are_left_out_until_they_are_published(tree, client):
    page = make.StandardPageFactory(title="Soon")
    page.unpublish()
    navigation(links(page), {"More": links(page)})
    assert menu(client) == []
    assert problems(client.get("/").content.decode()) == []
    page.save_revision().publish()
    assert menu(client) == [("Soon", page.url)]


def test_a_page_that_is_deleted_takes_its_links_with_it(tree, client):
    page = make.StandardPageFactory()
    navigation(links(page), {"More": links(page)})
    page.delete()
    assert menu(client) == []


def test_a_page_that_is_moved_is_still_linked(tree, client):
    page = make.StandardPageFactory(title="Wanderer", slug="wanderer")
    navigation(links(page), {})
    page.move(tree.about, pos="last-child")
    assert menu(client) == [("Wanderer", "/about/wanderer/")]


def test_editors_change_the_navigation_in_the_cms(tree, admin_client):
    answer = admin_client.get("/admin/settings/core/navigation/", follow=True)
    assert answer.status_code == 200
    assert "The links beside the name, at most eight." in answer.content.decode()


@pytest.mark.parametrize("name", ["sitesettings", "navigation"])
def test_a_form_of_settings_can_be_saved(tree, admin_client, name):
    site = Site.objects.get()
    data = {"menu-count": "0", "footer-count": "0", "social_links-count": "0", "announcement": "null"}
    answer = admin_client.post(f"/admin/settings/core/{name}/{site.pk}/", data | {"email": "a@example.org"})
    assert answer.status_code == 302
    assert {"sitesettings": SiteSettings, "navigation": Navigation}[name].objects.filter(site=site).exists()


def test_the_settings_of_the_site_are_shown_on_every_page(tree, client):
    SiteSettings.objects.create(
        site=Site.objects.get(),
        description="Who we are.",
        charity_number="1234567",
        email="name@example.org",
        telephone="020 7946 0000",
        postal_address="1 A Street\nLondon",
        announcement="<p>Apply by Friday</p>",
        privacy_page=tree.about,
        social_links=[("link", {"name": "LinkedIn", "address": "https://www.example.org/us"})],
    )
    for address in ("/", "/news/", "/no/such/page/"):
        document = parse(client.get(address).content.decode())
        footer = document.footer.get_text(" ", strip=True)
        assert all(words in footer for words in ("Who we are.", "1234567", "020 7946 0000", "1 A Street London"))
        assert document.footer.find("a", href="mailto:name@example.org")
        assert document.footer.find("a", href="tel:02079460000")
        assert document.footer.find("a", href="https://www.example.org/us").get_text(strip=True) == "LinkedIn"
        assert document.find(attrs={"aria-label": "Announcement"}).get_text(strip=True) == "Apply by Friday"
    assert parse(client.get("/about/").content.decode()).select_one("form .hint a")["href"] == "/about/"


def test_who_is_behind_the_site_is_said_on_the_home_page_alone(tree, client):
    SiteSettings.objects.create(site=Site.objects.get(), email="name@example.org")
    assert '"email": "name@example.org"' in client.get("/").content.decode()
    assert '"email": "name@example.org"' not in client.get("/about/").content.decode()
