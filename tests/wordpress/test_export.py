"""An export is read item by item, whatever is in it, and never trusted."""

import pytest

from tests.wordpress.old_site import HEAD, OldSite, cdata, filed
from wordpress import export
from wordpress.export import Blog, ExportError, read_items


def read(tmp_path, data: bytes):
    path = tmp_path / "export.xml"
    path.write_bytes(data)
    blog = Blog()
    return list(read_items(path, blog)), blog


def with_content(content: bytes) -> bytes:
    """An export of one post whose text is given as bytes."""
    site = OldSite()
    site.add(7, content="MARK")
    return site.xml.replace(b"MARK", content)


def test_an_item_with_all_that_is_read_of_it(tmp_path):
    site = OldSite()
    extra = (
        filed("events", "Events &amp; talks")
        + "<wp:postmeta><wp:meta_key>k</wp:meta_key><wp:meta_value>v</wp:meta_value>"
    )
    comments = "</wp:postmeta><wp:comment><wp:comment_type/></wp:comment>"
    pingback = "<wp:comment><wp:comment_type>pingback</wp:comment_type></wp:comment>"
    site.add(
        7,
        title="Food &amp; <em>Cornwall</em>",
        content="a ]]> b",
        excerpt="In short",
        extra=extra + comments + pingback,
    )
    items, blog = read(tmp_path, site.xml)
    [item] = items
    assert (item.number, item.kind, item.title, item.content, item.excerpt) == (
        7,
        "post",
        "Food & Cornwall",
        "a ]]> b",
        "In short",
    )
    assert (item.terms[0].slug, item.terms[0].name, item.meta) == ("events", "Events & talks", {"k": "v"})
    assert (item.comments, item.pingbacks) == (1, 1)
    assert blog.address == "https://old.example.org"
    assert {"old.example.org", "www.old.example.org"} <= blog.hosts
    assert blog.authors["writer"] == "A Writer & Co"
    assert blog.parents == {"talks": "events"}


def test_older_versions_differ_in_their_namespace_alone(tmp_path):
    items, _ = read(tmp_path, with_content(b"words").replace(b"/export/1.2/", b"/export/1.0/"))
    assert items[0].number == 7


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (b"a\x0bb\x00c\x1f", "abc"),  # which XML does not know
        ("naïve — “words”".encode(), "naïve — “words”"),
        ("na\xefve \x93words\x94".encode("latin-1"), "naïve “words”"),  # Windows-1252 within UTF-8
        ("\U0001f600 \ufeff".encode(), "\U0001f600 "),
        (b"x" * 70_000 + "é".encode(), "x" * 70_000 + "é"),
    ],
)
def test_odd_bytes_do_not_end_the_reading(tmp_path, written, text):
    items, _ = read(tmp_path, with_content(written))
    assert items[0].content == text


def test_another_encoding_is_the_one_that_the_file_says(tmp_path):
    data = with_content("Caf\xe9".encode("latin-1")).replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"')
    assert read(tmp_path, data)[0][0].content == "Café"


BOMB = b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (with_content(b"x").replace(b"<rss", BOMB + b"<rss"), "what no export holds"),
        (
            with_content(b"x").replace(b"<rss", b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss'),
            "what no export holds",
        ),
        (with_content(b"x")[:-60], "broken in line"),
        (b"<html><p>No export</html>", "broken in line"),
        (b"<rss><channel><item/></channel></rss>", "no WordPress export"),
        (b"", "broken in line 1"),
        (b"PK\x03\x04", "broken in line 1"),
        (with_content(b"x").replace(b'"UTF-8"', b'"klingon"'), "nobody knows"),
    ],
)
def test_what_is_no_export_is_refused_with_the_reason(tmp_path, data, words):
    with pytest.raises(ExportError, match=words):
        read(tmp_path, data)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ExportError, match="cannot be read"):
        list(read_items(tmp_path / "none.xml", Blog()))


def test_an_item_without_an_end_is_not_read_into_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "LONGEST_ITEM", 50_000)
    site = OldSite()
    for number in range(1, 20):
        site.add(number, content="x" * 10_000)  # together more than the limit
    assert len(read(tmp_path, site.xml)[0]) == 19
    with pytest.raises(ExportError, match="This is no export"):
        read(tmp_path, HEAD.encode() + b"<item><title>" + b"x" * 100_000)


def test_numbers_that_are_none(tmp_path):
    site = OldSite()
    site.add(7)
    for written in (b"-7", "７".encode(), b"9" * 30, b"", b"7.0"):
        data = site.xml.replace(b"<wp:post_id>7<", b"<wp:post_id>" + written + b"<")
        assert read(tmp_path, data)[0][0].number == 0
    assert cdata("a]]>b") == "<![CDATA[a]]]]><![CDATA[>b]]>"
