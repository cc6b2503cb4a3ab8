"""What search engines are told of each page (JSON-LD), checked against schemas, and against what the page says."""

from datetime import date
from typing import Any

import pytest

from core.models import SiteSettings
from home.models import HomePage
from tests import factories as make
from tests.html import parse, structured_data
from tests.structured_data import faults


def told(client: Any, page: Any) -> dict[str, dict[str, Any]]:
    """The objects of a page by their kinds, each of which it may have once."""
    items = structured_data(parse(client.get(page.url).content.decode()))
    assert [fault for item in items for fault in faults(item)] == []
    assert len({item["@type"] for item in items}) == len(items)
    return {item["@type"]: item for item in items}


def question(asked: str, answer: str) -> tuple[str, dict[str, str]]:
    return "question", {"question": asked, "answer": answer}


def test_everything_that_full_pages_tell_is_valid(full_site, client):
    kinds = {kind for page in full_site for kind in told(client, page)}
    assert kinds == {
        *("NGO", "WebSite", "NewsArticle", "Article", "WebPage", "Course", "Person", "FAQPage", "BreadcrumbList"),
    }


def test_everything_that_pages_with_a_title_alone_tell_is_valid(tree, client):
    pages = [
        factory()
        for factory in (
            make.PersonPageFactory,
            make.ApproachPageFactory,
            make.ProgrammePageFactory,
            make.CaseStoryPageFactory,
            make.NewsArticlePageFactory,
        )
    ]
    for page in [*pages, *vars(tree).values()]:
        assert "FAQPage" not in told(client, page)


def test_a_wrong_object_is_found_out():
    right = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [{"@type": "Question", "name": "Why?", "acceptedAnswer": {"@type": "Answer", "text": "So."}}],
    }
    assert faults(right) == []
    wrong = [right | {"mainEntity": []}, right | {"@context": "http://schema.org"}, right | {"question": "Why?"}]
    assert all(faults(item) for item in [*wrong, {"@type": "Recipe"}, {}])


def test_home_tells_who_we_are_and_how_to_search(tree, client):
    SiteSettings.objects.create(
        site=tree.home.get_site(),
        email="us@example.org",
        social_links=[("link", {"name": "LinkedIn", "address": "https://www.linkedin.com/company/us"})],
    )
    items = told(client, tree.home)
    assert items["NGO"]["sameAs"] == ["https://www.linkedin.com/company/us"]
    address = items["WebSite"]["potentialAction"]["target"]["urlTemplate"]
    assert address == "http://testserver/search/?q={search_term_string}"
    assert client.get(address.format(search_term_string="leader")).status_code == 200


def test_an_article_tells_its_author_picture_category_and_tags(tree, client):
    writer, picture = make.PersonPageFactory(title="Ada Writer"), make.SiteImageFactory()
    article = make.NewsArticlePageFactory(
        title="We met",
        date=date(2024, 7, 1),
        author_person=writer,
        listing_image=picture,
        category=make.NewsCategoryFactory(name="Events"),
    )
    article.tags.add("place", "leadership")
    article.save()
    item = told(client, article)["NewsArticle"]
    assert item["author"] == {"@type": "Person", "name": "Ada Writer", "url": writer.full_url}
    assert item["image"] == f"http://testserver{picture.file.url}"
    assert (item["headline"], item["articleSection"]) == ("We met", "Events")
    assert sorted(item["keywords"]) == ["leadership", "place"]
    assert item["datePublished"] == "2024-07-01T00:00:00+01:00"
    assert item["mainEntityOfPage"] == article.full_url
    writer.unpublish()
    assert told(client, article)["NewsArticle"]["author"]["@type"] == "NGO"


def test_an_article_without_a_picture_tells_of_its_card(tree, client):
    image = told(client, make.NewsArticlePageFactory())["NewsArticle"]["image"]
    assert client.get(image.removeprefix("http://testserver"))["Content-Type"] == "image/png"


def test_the_questions_of_an_interview_are_told_in_plain_words(tree, client):
    body = [
        question("Why places?", "<p>Every place <b>differs</b> &amp; knows.</p><p>So we listen.</p>"),
        ("text", "<p>Then we talked.</p>"),
        question("</script><script>", "<p>No.</p>"),
        question("And silence?", "<p></p>"),
    ]
    for page in (make.NewsArticlePageFactory(body=body), make.StandardPageFactory(body=body)):
        asked = told(client, page)["FAQPage"]["mainEntity"]
        assert [(item["name"], " ".join(item["acceptedAnswer"]["text"].split())) for item in asked] == [
            ("Why places?", "Every place differs & knows. So we listen."),
            ("</script><script>", "No."),
        ]


def test_a_programme_is_a_course_with_its_dates(tree, client):
    dates = [
        {"title": "First residential", "starts_on": "2027-03-01", "ends_on": "2027-03-03", "place": "Boston, USA"},
        {"title": "Last day", "starts_on": "2027-06-01", "ends_on": None, "place": ""},
    ]
    programme = make.ProgrammePageFactory(
        title="Future Vision", who_it_is_for="senior leaders", calendar_dates=[("date", value) for value in dates]
    )
    item = told(client, programme)["Course"]
    assert item["audience"] == {"@type": "Audience", "audienceType": "senior leaders"}
    assert item["hasCourseInstance"] == [
        {
            "@type": "CourseInstance",
            "name": "Future Vision: First residential",
            "startDate": "2027-03-01",
            "endDate": "2027-03-03",
            "location": {"@type": "Place", "name": "Boston, USA", "address": "Boston, USA"},
        },
        {
            "@type": "CourseInstance",
            "name": "Future Vision: Last day",
            "startDate": "2027-06-01",
            "endDate": "2027-06-01",
        },
    ]
    assert "hasCourseInstance" not in told(client, make.ProgrammePageFactory())["Course"]


def test_a_person_has_a_role_and_a_portrait(tree, client):
    portrait = make.SiteImageFactory()
    person = told(client, make.PersonPageFactory(title="Ada", role="Programme lead", picture=portrait))["Person"]
    assert (person["name"], person["jobTitle"]) == ("Ada", "Programme lead")
    assert person["image"] == f"http://testserver{portrait.file.url}"


def test_the_way_from_home_is_told_in_order(tree, client):
    deep = make.StandardPageFactory(parent=tree.about, title="Deep")
    crumbs = told(client, deep)["BreadcrumbList"]["itemListElement"]
    assert [(crumb["position"], crumb["item"]) for crumb in crumbs] == [
        (1, HomePage.objects.get().full_url),
        (2, tree.about.full_url),
        (3, deep.full_url),
    ]


@pytest.mark.parametrize("title", ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "\u2028"])
def test_no_title_leaves_the_element_it_is_told_in(tree, client, title):
    page = make.NewsArticlePageFactory(title=title, body=[question(title, f"<p>So: {title}</p>")])
    items = told(client, page)
    assert items["NewsArticle"]["headline"] == title
    assert items["FAQPage"]["mainEntity"][0]["name"] == title
