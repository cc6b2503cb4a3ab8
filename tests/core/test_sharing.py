"""Links to share a page with: plain addresses that carry the title and the address whole, whatever is in them."""

from urllib.parse import parse_qs, urlsplit

import pytest

from core.sharing import share_links
from tests import factories as make
from tests.html import parse, problems

ADDRESS = "https://www.example.org/news/a-page/?a=1&b=2#c"


@pytest.mark.parametrize("title", ["Food & drink", "100% +1 = <b>", "Größe “ß” 🗺️", "line\nbreak", ""])
def test_title_and_address_arrive_whole(title):
    links = {name: urlsplit(address) for name, address in share_links(title, ADDRESS)}
    assert {name: (link.scheme, link.netloc) for name, link in links.items()} == {
        "Email": ("mailto", ""),
        "LinkedIn": ("https", "www.linkedin.com"),
        "Bluesky": ("https", "bsky.app"),
    }
    told = {name: parse_qs(link.query, keep_blank_values=True) for name, link in links.items()}
    assert told["Email"] == {"subject": [title], "body": [f"{title}\n\n{ADDRESS}"]}
    assert told["LinkedIn"] == {"url": [ADDRESS]}
    assert told["Bluesky"] == {"text": [f"{title} {ADDRESS}"]}
    # Mail programs take a plus sign for what it is, not for a space (RFC 6068).
    assert "+" not in links["Email"].query


def test_stories_articles_and_issues_offer_them_and_other_pages_do_not(tree, client):
    for made in (make.NewsArticlePageFactory, make.CaseStoryPageFactory, make.IssuePageFactory):
        page = made(title="A & B")
        html = client.get(page.url).content.decode()
        share = parse(html).select_one(".share")
        assert [link.get_text(strip=True) for link in share("a")] == ["Email", "LinkedIn", "Bluesky"]
        assert share.button["data-copy"] == page.full_url
        assert share.button.parent.has_attr("hidden")
        assert problems(html) == []
    for page in (tree.home, tree.about, tree.news, make.ProgrammePageFactory()):
        assert parse(client.get(page.url).content.decode()).select_one(".share") is None
