"""Old texts become blocks: nothing of their markup is passed on, and nothing of their words is lost unsaid."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.blocks.body import BodyBlock
from wordpress.blocks import convert
from wordpress.export import Blog, Item
from wordpress.targets import Target, Targets

OLD = "https://old.example.org"


def targets() -> Targets:
    """An old site of a page, a picture and a document, which are here by now."""
    found = Targets(Blog(address=OLD, hosts={"old.example.org", "www.old.example.org"}))
    found.know(Item(0, 5, "post", link=f"{OLD}/2015/03/a-post/", guid=f"{OLD}/?p=5"))
    found.know(Item(1, 6, "attachment", attachment=f"{OLD}/wp-content/uploads/a.jpg", excerpt="Its own caption"))
    found.know(Item(2, 8, "attachment", attachment=f"{OLD}/wp-content/uploads/report.pdf"))
    found.files[6].meta["_wp_attachment_image_alt"] = "A field"
    found.became = {5: Target("page", 50), 6: Target("picture", 60), 8: Target("document", 80)}
    return found


def blocks(text: str) -> list[tuple[str, Any]]:
    return [(block["type"], block["value"]) for block in convert(text, "A post", 1, targets()).blocks]


def prose(text: str) -> str:
    return "".join(value for kind, value in blocks(text) if kind == "text")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\n\nTwo", "<p>One</p><p>Two</p>"),
        ("One\nline\n \n\nTwo", "<p>One<br/>line</p><p>Two</p>"),
        ("<!-- wp:paragraph --><p>One\nline</p>", "<p>One\nline</p>"),
        ("<p>Not <b>closed <i>both</b> here", "<p>Not <b>closed <i>both</i></b><i> here</i></p>"),
        ("<strong>Bold</strong> & <em>said</em> <u>so</u>", "<p><b>Bold</b> &amp; <i>said</i> so</p>"),
        ("<div>One<div>Two</div>Three</div>", "<p>One</p><p>Two</p><p>Three</p>"),
        ("&nbsp;\n\n<p> <br></p>One", "<p>One</p>"),
        ("<ul><li>One<ol><li>In it</li></ol></li><li> </li></ul>", "<ul><li>One<ol><li>In it</li></ol></li></ul>"),
        ("&lt;script&gt; as words", "<p>&lt;script&gt; as words</p>"),
        ("The council [sic] said [it] in [the report]", "<p>The council [sic] said [it] in [the report]</p>"),
        ("Write [[gallery]] to show one", "<p>Write [gallery] to show one</p>"),
        ("[tabs][tab title='One']Within[/tab][/tabs]", "<p>Within</p>"),
        (f'A <a href="{OLD}/2015/03/a-post">post</a>', '<p>A <a linktype="page" id="50">post</a></p>'),
        ('A <a href="/?p=5">post</a>', '<p>A <a linktype="page" id="50">post</a></p>'),
        ('A <a href="http://www.old.example.org/gone/">post</a>', "<p>A post</p>"),
        (
            f'See <a href="{OLD}/wp-content/uploads/report.pdf">it</a>',
            '<p>See <a linktype="document" id="80">it</a></p>',
        ),
        ('<a href="https://x.example/?a=1&amp;b=2">out</a>', '<p><a href="https://x.example/?a=1&amp;b=2">out</a></p>'),
        ('<a href="mailto:a@example.org">mail</a>', '<p><a href="mailto:a@example.org">mail</a></p>'),
        ('<a href="javascript:alert(1)" onclick="x()">trap</a>', "<p>trap</p>"),
        ('<a href="#down">down</a>', "<p>down</p>"),
        ("<blockquote>Words of nobody</blockquote>", "<p>“Words of nobody”</p>"),
        ("<table><tr><td>All of it</td></tr></table>", "<p>All of it</p>"),
        (f"<h2>{'long ' * 30}</h2>", f"<p><b>{('long ' * 30).strip()}</b></p>"),
    ],
)
def test_paragraphs(text, html):
    assert prose(text) == html


PICTURE = {"image": {"image": 60, "alt_text": "Seen", "decorative": False}, "caption": "Words"}


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (
            "<h1>One</h1><h4>Two</h4>",
            [("heading", {"text": "One", "level": "2"}), ("heading", {"text": "Two", "level": "3"})],
        ),
        ("<h3>Low</h3>", [("heading", {"text": "Low", "level": "2"})]),
        (
            "<blockquote><p>Words</p><cite>A leader</cite></blockquote>",
            [("quotation", {"quotation": "Words", "source": "A leader", "source_detail": ""})],
        ),
        (
            "<blockquote><p>“Words”</p><p>– A leader</p></blockquote>",
            [("quotation", {"quotation": "Words", "source": "A leader", "source_detail": ""})],
        ),
        (
            f'[caption id="x" width="300"]<a href="{OLD}/x"><img src="{OLD}/wp-content/uploads/a-300x200.jpg" '
            'alt="Seen" /></a> Words[/caption]',
            [("picture", PICTURE)],
        ),
        (
            '<figure><img class="x wp-image-6" alt="Seen"><figcaption><em>Wo</em>rds</figcaption></figure>',
            [("picture", PICTURE)],
        ),
        ("<p>\n[embed]http://youtu.be/dQw4w9WgXcQ[/embed]</p>", "video"),
        ("https://vimeo.com/1084537\n\n", "video"),
        ('<iframe src="//www.youtube.com/embed/dQw4w9WgXcQ?rel=0" title="A film"></iframe>', "video"),
        (f'<p><a href="{OLD}/wp-content/uploads/report.pdf">The report</a></p>', "download"),
    ],
)
def test_blocks_of_other_kinds(text, made):
    found = blocks(text)
    assert found == made if isinstance(made, list) else [kind for kind, _ in found] == [made]


def test_a_picture_in_a_paragraph_comes_before_it_and_a_gallery_shows_each():
    found = blocks('<p>One <img class="wp-image-6"> two</p>[gallery ids="6, 6,99"]')
    assert [kind for kind, _ in found] == ["picture", "text", "picture", "picture"]
    assert found[0][1]["image"]["alt_text"] == "A field"
    assert found[1][1] == "<p>One  two</p>"


def test_a_table_keeps_its_rows_even_where_they_are_uneven():
    rows = "<tr><th>A</th><th>B</th></tr><tr><td>1</td><td><b>2</b></td></tr><tr><td>3</td></tr>"
    [(kind, value)] = blocks(f"<table><caption>Who</caption>{rows}</table>")
    assert kind == "table"
    assert value["caption"] == "Who"
    assert [row["values"] for row in value["table"]["rows"]] == [["<p>1</p>", "<p><b>2</b></p>"], ["<p>3</p>", ""]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<img src="/wp-content/uploads/gone.jpg" alt="x">', "gone.jpg"),
        ('<iframe src="https://maps.example/"></iframe>', "https://maps.example/"),
        ('[contact-form-7 id="1"]', "contact-form-7"),
        ("<form action='/x'>Words</form>", "A form"),
        ('<a href="/gone/">words</a>', "/gone/"),
        ('<div style="display: none">Unseen words</div>', "Unseen words"),
        ("<p>Buy viagra</p>", "viagra"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>1</td><td>2</td></tr></table>", "caption"),
        ('<img class="wp-image-6"><blockquote>Whose</blockquote>', "Whose"),
    ],
)
def test_what_is_lost_or_in_doubt_is_told(text, words):
    assert words in "\n".join(convert(text, "A post", 1, targets()).to_do)


@pytest.mark.parametrize(
    "spam",
    [
        '<div style="position:absolute; left: -9999px"><a href="http://x.example/">pills</a></div>',
        '<span style="font-size: 0px">pills</span>',
        "<p hidden>pills</p>",
        '<div style="height:0;overflow:hidden">pills</div>',
        '<p><a href="http://viagra.example/">pills</a>.</p>',
        '<p>cheap cialis <a href="https://buycialisonline.example/">pills</a> now without delay</p>',
        "<script>pills</script>",
        "<style>.zz { position:absolute; left:-5000px }</style><div class='x zz'>pills</div>",
        "<div id='q7'>pills</div><script>document.getElementById('q7').style.display='none';</script>",
        "<style>pills</style>",
        '<noscript><img src="https://pills.example/x.gif"></noscript>',
    ],
)
def test_injected_spam_goes_and_the_words_beside_it_stay(spam):
    made = json.dumps(blocks(f"<p>Before.</p>{spam}<p>After, with a specialist.</p>"))
    assert "pills" not in made
    assert "cialis " not in made
    assert "Before." in made
    assert "After, with a specialist." in made


@pytest.mark.parametrize("words", ["a specialist pharmacy", "commercialised services", "socialist", "provincialism"])
def test_words_of_the_charitys_own_trade_are_no_spam(words):
    text = f'<p><a href="https://www.example.org/">{words}</a></p>'
    assert words in prose(text)
    assert convert(text, "A post", 1, targets()).to_do == []


MARKUP = st.lists(
    st.sampled_from(
        [
            *(
                "<p>",
                "</p>",
                "<b>",
                "</i>",
                "<i>",
                "<div style='x",
                "'>",
                "<table>",
                "<tr><td>",
                "</table>",
                "<ul><li>",
                "<a href=",
            ),
            *(
                '"javascript:alert(1)">',
                "<script>",
                "</script>",
                "<style>",
                "<svg onload=x>",
                "<img src=x onerror=y>",
                "<!--",
            ),
            *(
                "[caption]",
                "[/caption]",
                "[gallery]",
                "<blockquote>",
                "<figure>",
                "</figure>",
                "<h2>",
                "\n\n",
                "&lt;b&gt;",
                "\x00",
            ),
            *(
                "<math><mtext>",
                "<![CDATA[",
                "]]>",
                "<iframe src=//x.example>",
                "words",
                "<wp-gallery ids=6>",
                '"',
                "<template>",
            ),
        ]
    ),
    max_size=30,
).map("".join)
KINDS = BodyBlock().child_blocks
WRITTEN = re.compile(
    r'<(/?(p|b|i|ul|ol|li)|br/|/a|a href="(https?:|mailto:|tel:|//)[^"<>]*"|a linktype="(page|document)" id="\d+")>'
)


@settings(max_examples=80)
@given(MARKUP | st.text(max_size=200))
def test_whatever_the_old_markup_is_only_ours_is_written_and_blocks_have_their_fields(text):
    made = convert(text, "A post", 1, targets()).blocks
    for block in made:
        if block["type"] == "text":
            assert "<" not in WRITTEN.sub("", block["value"])
        else:
            assert set(block["value"]) == set(KINDS[block["type"]].child_blocks) - {"transcript"}
