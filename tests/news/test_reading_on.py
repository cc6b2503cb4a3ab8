"""Reading on: how long a text takes, and which one comes next."""

from datetime import date

from tests import factories as make


def neighbours(client, article):
    context = client.get(article.url).context
    return {name: page and page.title for name, page in context["neighbours"].items()}


def test_the_articles_before_and_after_in_the_list(tree, client):
    first, second, third = (
        make.NewsArticlePageFactory(title=title, date=date(2025, month, 1))
        for title, month in (("First", 1), ("Second", 2), ("Third", 3))
    )
    assert neighbours(client, first) == {"older": None, "newer": "Second"}
    assert neighbours(client, second) == {"older": "First", "newer": "Third"}
    assert neighbours(client, third) == {"older": "Second", "newer": None}
    page = client.get(second.url).content.decode()
    assert f'<a href="{first.url}" rel="prev">First</a>' in page
    assert f'<a href="{third.url}" rel="next">Third</a>' in page


def test_articles_of_one_day_each_have_their_turn(tree, client):
    articles = [make.NewsArticlePageFactory(title=f"Number {number}", date=date(2025, 1, 1)) for number in range(3)]
    assert neighbours(client, articles[1]) == {"older": "Number 0", "newer": "Number 2"}


def test_drafts_and_private_articles_are_passed_over(tree, client):
    first = make.NewsArticlePageFactory(title="First", date=date(2025, 1, 1))
    make.NewsArticlePageFactory(title="Draft", date=date(2025, 2, 1), live=False)
    secret = make.NewsArticlePageFactory(title="Secret", date=date(2025, 3, 1))
    secret.view_restrictions.create(restriction_type="login")
    make.NewsArticlePageFactory(title="Fourth", date=date(2025, 4, 1))
    assert neighbours(client, first) == {"older": None, "newer": "Fourth"}


def test_an_only_article_has_no_navigation(tree, client):
    assert "Older and newer news" not in client.get(make.NewsArticlePageFactory().url).content.decode()


def test_reading_time_counts_the_words_of_the_text(tree, client):
    words = " ".join(["word"] * 237)
    article = make.NewsArticlePageFactory(introduction="One", body=[("text", f"<p>{words}</p>")])
    assert article.reading_minutes == 1
    article.body.append(("text", "<p>more</p>"))
    assert article.reading_minutes == 2
    assert "1 minute\n" in client.get(article.url).content.decode()


def test_nothing_to_read_takes_no_time(tree, client):
    article = make.NewsArticlePageFactory(introduction="", body=[])
    assert article.reading_minutes == 0
    assert "Reading time" not in client.get(article.url).content.decode()


def related(client, article):
    return [page.title for page in client.get(article.url).context["related"]]


def article(title, day, tags=(), **fields):
    made = make.NewsArticlePageFactory(title=title, date=date(2025, 1, day), **fields)
    made.tags.add(*tags)
    made.save()
    return made


def test_more_news_shares_most_tags_then_the_category_then_is_the_newest(tree, client):
    events = make.NewsCategoryFactory(name="Events")
    this = article("This", 1, category=events, tags=["place", "leadership", "health"])
    article("Newest", 9)
    article("Same category", 2, category=events)
    article("One tag", 3, tags=["place", "other"])
    article("Two tags", 1, tags=["place", "leadership"])
    assert related(client, this) == ["Two tags", "One tag", "Same category"]
    article("One tag and the category", 1, category=events, tags=["health"])
    assert related(client, this) == ["Two tags", "One tag and the category", "One tag"]


def test_more_news_is_filled_up_with_the_newest(tree, client):
    this = article("This", 1, tags=["place"])
    for day in range(2, 6):
        article(f"Day {day}", day)
    article("Alike", 1, tags=["place"])
    assert related(client, this) == ["Alike", "Day 5", "Day 4"]
    assert related(client, article("Nothing in common", 1)) == ["Day 5", "Day 4", "Day 3"]


def test_to_have_no_category_is_nothing_in_common(tree, client):
    this = article("This", 1, category=None, tags=["place"])
    for day, category in ((2, None), (3, make.NewsCategoryFactory())):
        article(f"Tagged, day {day}", day, tags=["place"], category=category)
        article(f"Day {day + 2}", day + 2, category=category)
    assert related(client, this) == ["Tagged, day 3", "Tagged, day 2", "Day 5"]
    other = article("Other", 1, category=None)
    assert related(client, other) == ["Day 5", "Day 4", "Tagged, day 3"]


def test_more_news_shows_no_drafts_and_no_private_articles(tree, client):
    this = article("This", 1, tags=["place"])
    article("Draft", 2, tags=["place"], live=False)
    article("Secret", 3, tags=["place"]).view_restrictions.create(restriction_type="login")
    assert related(client, this) == []
