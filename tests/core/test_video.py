"""Only videos of two services are framed, and only their ids reach the page."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wagtail.blocks.struct_block import StructBlockValidationError

from core.blocks.media import VideoBlock
from core.video import player_address

YOUTUBE, VIMEO = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "https://player.vimeo.com/video/1084537?dnt=1"
ALLOWED = [
    ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", YOUTUBE),
    ("https://youtube.com/watch?v=dQw4w9WgXcQ&t=42s&list=x", YOUTUBE),
    ("https://m.youtube.com/watch?feature=share&v=dQw4w9WgXcQ", YOUTUBE),
    ("https://WWW.YouTube.com/watch?v=dQw4w9WgXcQ", YOUTUBE),
    ("https://youtu.be/dQw4w9WgXcQ", YOUTUBE),
    ("https://youtu.be/dQw4w9WgXcQ?si=tracking", YOUTUBE),
    ("https://www.youtube.com/embed/dQw4w9WgXcQ", YOUTUBE),
    ("https://www.youtube.com/shorts/dQw4w9WgXcQ", YOUTUBE),
    ("https://www.youtube.com/live/dQw4w9WgXcQ", YOUTUBE),
    ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", YOUTUBE),
    ("https://vimeo.com/1084537", VIMEO),
    ("https://www.vimeo.com/1084537/", VIMEO),
    ("https://player.vimeo.com/video/1084537?h=abc", VIMEO),
]
REFUSED = [
    *("", "dQw4w9WgXcQ", "http://www.youtube.com/watch?v=dQw4w9WgXcQ", "//www.youtube.com/watch?v=dQw4w9WgXcQ"),
    *("javascript:alert(1)//www.youtube.com/watch?v=dQw4w9WgXcQ", "data:text/html,https://youtu.be/dQw4w9WgXcQ"),
    *("https://evil.example/watch?v=dQw4w9WgXcQ", "https://www.youtube.com.evil.example/watch?v=dQw4w9WgXcQ"),
    *("https://youtube.com@evil.example/watch?v=dQw4w9WgXcQ", "https://evil.example/https://youtu.be/dQw4w9WgXcQ"),
    *(
        "https://notyoutube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=",
        "https://www.youtube.com/watch",
    ),
    *('https://www.youtube.com/watch?v="><script>', "https://youtu.be/dQw4w9WgXcQ/../x", "https://youtu.be/a b"),
    *("https://www.youtube.com/embed/../../dQw4w9WgXcQ", "https://www.youtube.com/playlist?list=dQw4w9WgXcQ"),
    *("https://vimeo.com/channels/staffpicks", "https://vimeo.com/1084537/evil", "https://vimeo.com/١٢٣"),
    *(
        "https://vimeo.com/12345678901234",
        "https://[vimeo.com/1",
        "https://player.vimeo.com/",
    ),
    *(
        "https://www.youtube.com/watch?v=dQw4w9WgXc",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQQ",
        "ftp://youtu.be/dQw4w9WgXcQ",
    ),
]


@pytest.mark.parametrize(("address", "player"), ALLOWED)
def test_a_video_of_a_service_on_the_list_has_a_player(address, player):
    assert player_address(address) == player
    assert player_address(player) == player


@pytest.mark.parametrize("address", REFUSED)
def test_anything_else_has_none(address):
    assert player_address(address) == ""


@given(
    st.text()
    | st.builds("https://{}/{}".format, st.sampled_from(["youtu.be", "vimeo.com", "www.youtube.com"]), st.text())
)
@example("https://youtu.be/dQw4w9WgXcQ\n")
@example("https://\u2100.com/")
def test_whatever_is_typed_the_player_is_one_of_two_forms(address):
    player = player_address(address)
    known = r"|https://www\.youtube-nocookie\.com/embed/[\w-]{11}|https://player\.vimeo\.com/video/\d{1,12}\?dnt=1"
    assert re.fullmatch(known, player, re.ASCII)


def test_an_editor_is_told_which_videos_can_be_used(db):
    block = VideoBlock()
    value = {"address": "https://evil.example/v", "title": "A film", "transcript": ""}
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python(value))
    assert "YouTube or Vimeo" in str(refused.value.block_errors["address"])
    assert block.clean(block.to_python(value | {"address": ALLOWED[0][0]}))


def test_a_video_is_a_link_until_a_reader_asks_for_it(db):
    block = VideoBlock()
    html = block.render(block.to_python({"address": ALLOWED[0][0], "title": "A film", "transcript": ""}))
    assert f'data-player="{YOUTUBE}"' in html
    assert f'href="{ALLOWED[0][0]}"' in html
    assert "<iframe" not in html


def test_a_video_whose_service_was_struck_off_the_list_has_no_player(db):
    block = VideoBlock()
    html = block.render(block.to_python({"address": "https://evil.example/v", "title": "A film", "transcript": ""}))
    assert 'data-player=""' in html or "data-player" not in html
    assert "<script" not in html
