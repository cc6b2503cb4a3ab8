"""Photographs in place of the drawn maps: three formats, cut around the focal point, with room kept for them."""

import re

import pytest
from bs4 import Tag
from django.test import Client
from django_tasks_db.models import DBTaskResult

from core.models import SiteImage
from core.tasks import make_renditions
from tests import factories as make
from tests.html import parse


@pytest.fixture
def photograph(db) -> SiteImage:
    return make.SiteImageFactory(width=1600, height=1200)


def picture_of(client: Client, address: str) -> Tag:
    found = parse(client.get(address).content.decode()).main.picture
    assert isinstance(found, Tag), f"no picture at {address}"
    return found


def test_a_photograph_takes_the_place_of_the_map_at_the_head_of_a_story(tree, client, photograph):
    story = make.CaseStoryPageFactory(listing_image=photograph)
    shown = picture_of(client, story.url)
    assert [source["type"] for source in shown("source")] == ["image/avif", "image/webp"]
    assert (shown.img["width"], shown.img["height"]) == ("640", "400")
    assert "loading" not in shown.img.attrs  # the first picture of a page is what a reader waits for
    assert not parse(client.get(story.url).content.decode()).main.select(".hero svg")


def test_photographs_of_a_list_wait_until_they_are_near(tree, client, photograph):
    make.CaseStoryPageFactory(listing_image=photograph)
    assert picture_of(client, tree.stories.url).img["loading"] == "lazy"


def test_photographs_are_cut_around_their_focal_point(tree, client, photograph):
    photograph.focal_point_x, photograph.focal_point_y = 1500, 100
    photograph.focal_point_width = photograph.focal_point_height = 80
    photograph.save()
    story = make.CaseStoryPageFactory(listing_image=photograph)
    source = picture_of(client, story.url).source["srcset"]
    assert len(re.findall(r"\.avif \d+w", source)) == 2
    assert "" not in photograph.renditions.values_list("focal_point_key", flat=True)


def wanted_of_the_worker() -> list[int]:
    waiting = DBTaskResult.objects.ready().filter(task_path=make_renditions.module_path)
    return [result.args_kwargs["args"][0] for result in waiting]


def test_a_published_photograph_is_made_ready_before_the_first_reader(
    tree, client, photograph, django_capture_on_commit_callbacks
):
    story = make.CaseStoryPageFactory(listing_image=photograph)
    with django_capture_on_commit_callbacks(execute=True):
        story.save_revision().publish()
    assert wanted_of_the_worker() == [story.pk]
    make_renditions.func(story.pk)
    made = photograph.renditions.count()
    assert made >= 9  # three formats of the head's two sizes, and of the card's in the list
    for address in (story.url, tree.stories.url):
        client.get(address)
    assert photograph.renditions.count() == made


def test_a_page_without_pictures_does_not_bother_the_worker(tree, django_capture_on_commit_callbacks):
    story = make.CaseStoryPageFactory()
    with django_capture_on_commit_callbacks(execute=True):
        story.save_revision().publish()
    assert wanted_of_the_worker() == []


def test_a_page_that_is_gone_by_then_is_left_alone(tree, photograph):
    story = make.CaseStoryPageFactory(listing_image=photograph)
    story.unpublish()
    make_renditions.func(story.pk)
    make_renditions.func(0)
    assert not photograph.renditions.exists()
