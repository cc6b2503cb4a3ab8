"""The starting content of the news."""

from typing import Any

from core.content import Content
from core.writing import download, link, starting_point
from news.models import NewsArticlePage, NewsCategory, NewsIndexPage
from news.starting_content.categories import CATEGORIES
from news.starting_content.earlier import EARLIER
from news.starting_content.recent import RECENT
from news.starting_content.starting_points import INTERVIEW

# Oldest first, as if each had been published in its time.
ARTICLES = {**EARLIER, **RECENT}


def load(content: Content) -> None:
    """Add the categories, the list of news, the articles, and what an interview begins with."""
    for name, slug, description in CATEGORIES:
        content.record(
            f"news.category.{slug}", lambda n=name, s=slug, d=description: NewsCategory(name=n, slug=s, description=d)
        )
    index = content.page("news.index", content.find("home.home"), index_page)
    for slug, facts in ARTICLES.items():
        content.page(f"news.article.{slug}", index, lambda s=slug, f=facts: article_page(content, s, f))
    interview = "Questions to one person, and the answers."
    content.record(
        "news.starting_point.interview",
        lambda: starting_point("An interview", interview, 20, NewsArticlePage(body=INTERVIEW)),
    )


def connect(content: Content) -> None:
    """Add the articles' links to pages, which may be of any app."""
    for slug in ARTICLES:
        content.step(f"news.article.{slug}.links", lambda s=slug: add_related_links(content, s))


def index_page() -> NewsIndexPage:
    """The list of news."""
    return NewsIndexPage(
        title="News",
        slug="news",
        introduction="What we are doing, what we have published, and now and then what we remember.",
        search_description=(
            "News from the Leadership Centre: programmes, events, publications and interviews about leadership in "
            "public services."
        ),
    )


def article_page(content: Content, slug: str, facts: dict[str, Any]) -> NewsArticlePage:
    """An article, with its category, tags and the document to download if it has one."""
    plain = {name: value for name, value in facts.items() if name not in ("category", "tags", "document", "related")}
    article = NewsArticlePage(slug=slug, **plain)
    article.category = content.find(f"news.category.{facts.get('category')}")
    if "document" in facts:
        article.body = [*facts["body"], download(content.find(facts["document"]))]
    article.tags.add(*facts["tags"])
    return article


def add_related_links(content: Content, slug: str) -> None:
    """Add the links at the end of an article."""
    article = content.find(f"news.article.{slug}")
    if article is None:
        return
    targets = [(page, words) for key, words in ARTICLES[slug]["related"] if (page := content.find(key))]
    article.related_links = [{"type": "link", "value": link(page, words)} for page, words in targets]
    article.save_revision(clean=False).publish()
