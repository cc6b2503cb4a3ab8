"""Addresses of the old site that lead to where things are now."""

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from news.models import NewsIndexPage
from wordpress.export import Item
from wordpress.targets import Targets

LONGEST = 255


def old_paths(item: Item, targets: Targets) -> list[str]:
    """The paths under which an item was found: its address, those it had before, and the one by its number."""
    link = targets.old_path(item.link)
    number = f"/?page_id={item.number}" if item.kind == "page" else f"/?p={item.number}"
    paths = [link, targets.old_path(item.guid), number, f"/?p={item.number}"]
    if link and not link.startswith("/?") and (slug := item.meta.get("_wp_old_slug")):
        paths.append(f"{link.rpartition('/')[0]}/{slug}")
    return [path for path in dict.fromkeys(paths) if path]


def lead(path: str, site: Site, page: Page | None = None, route: str = "", address: str = "") -> bool:
    """Make a redirect, unless somebody has made one for the path.

    Args:
        path: of the old site.
        page, route: where it leads: a page here, and an address beneath it.
        address: or where it leads, if that is no page.

    Returns:
        False when the path or the address is too long for one.
    """
    old = Redirect.normalise_path(path)
    if len(old) > LONGEST or len(address) > LONGEST:
        return False
    if not Redirect.get_for_site(site).filter(old_path=old).exists():
        Redirect.objects.create(
            old_path=old, site=site, redirect_page=page, redirect_page_route_path=route, redirect_link=address
        )
    return True


def lead_page(item: Item, page: Page, targets: Targets, site: Site) -> list[str]:
    """Let the old addresses of an item lead to its page.

    Returns:
        The paths that were too long.
    """
    here = (page.get_url() or "").rstrip("/")
    return [path for path in old_paths(item, targets) if path != here and not lead(path, site, page)]


def lead_sections(targets: Targets, site: Site, news: NewsIndexPage, categories: dict[str, str]) -> None:
    """Let the old lists of posts lead to those of the news: categories, the feed.

    Args:
        categories: slugs of categories here by those they had there.
    """
    for slug, here in sorted(categories.items()):
        above, parts = slug, [slug]
        while (above := targets.blog.parents.get(above, "")) and above not in parts:
            parts.insert(0, above)
        lead(f"/category/{'/'.join(parts)}", site, news, f"/category/{here}/")
    lead("/feed", site, news, "/feed/")
