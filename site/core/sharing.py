"""Links with which readers share a page: plain addresses of other services, without a script of theirs."""

from urllib.parse import quote, urlencode


def share_links(title: str, address: str) -> list[tuple[str, str]]:
    """Pairs of words and address.

    Args:
        address: the whole address of the page.
    """
    mail = urlencode({"subject": title, "body": f"{title}\n\n{address}"}, quote_via=quote)
    return [
        ("Email", f"mailto:?{mail}"),
        ("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?{urlencode({'url': address})}"),
        ("Bluesky", f"https://bsky.app/intent/compose?{urlencode({'text': f'{title} {address}'}, quote_via=quote)}"),
    ]
