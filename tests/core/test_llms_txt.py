"""What the site tells language models about itself."""

from core.models import SiteSettings
from tests import factories as make


def test_sections_and_what_lies_beneath(tree, client):
    SiteSettings.objects.create(site=tree.home.get_site(), description="We develop\nleaders.")
    programme = make.ProgrammePageFactory(title="Future [Vision]", introduction="A year\nof learning.")
    answer = client.get("/llms.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines[0] == "# Leadership Centre"
    assert "> We develop leaders." in lines
    section = lines.index("## Programmes")
    assert f"- [Future (Vision)]({programme.full_url}): A year of learning." in lines[section:]


def test_what_readers_may_not_see_is_left_out(tree, client):
    make.NewsArticlePageFactory(title="Draft", live=False)
    secret = make.NewsArticlePageFactory(title="Secret")
    secret.view_restrictions.create(restriction_type="login")
    told = client.get("/llms.txt").content.decode()
    assert "Draft" not in told
    assert "Secret" not in told


def test_the_number_of_pages_is_limited(tree, client, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("core.views.LLMS_TXT_PAGES", 10)
    for number in range(20):
        make.NewsArticlePageFactory(title=f"News {number}")
    with django_assert_max_num_queries(12):
        told = client.get("/llms.txt").content.decode()
    assert told.count("\n- [") == 10
