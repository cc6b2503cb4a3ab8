"""What the tests ask of every public page can tell good from bad."""

import pytest

from tests.html import problems

SOUND = """<!DOCTYPE html>
<html lang="en-GB">
  <head><title>A page</title><meta name="description" content="What it is."><meta name="viewport" content="x"></head>
  <body><main><h1>A page</h1><p id="here">Words</p>%s</main></body>
</html>"""


@pytest.mark.parametrize(
    "html", ["", '<ul><li><a href="#here">Up</a></li></ul>', "<dl><div><dt>A</dt><dd>B</dd></div></dl>"]
)
def test_a_sound_page_has_no_problems(html):
    assert problems(SOUND % html, is_page=False) == []


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<p><b>not closed</p>", "unexpected-end-tag"),
        ("<p><div>a block</div></p>", "unexpected-end-tag"),
        ("</section>", "end-tag-too-early"),
        ('<p class="a" class="b">twice</p>', "duplicate-attribute"),
        ("<p>&nosuch;</p>", "expected-named-entity"),
        ("<table><p>misplaced</p></table>", "unexpected-start-tag-implies-table-voodoo"),
        ("<ul><a href='#here'>no item</a></ul>", "a directly in ul"),
        ("<h2><div>block</div></h2>", "div in h2"),
        ("<button type='button'><a href='#here'>both</a></button>", "a in button"),
        ("<h4>too deep</h4>", "h4 follows h1"),
        ("<p id='here'>again</p>", "id 'here' stands 2 times"),
        ("<a href='#there'>nowhere</a>", "link to #there"),
        ("<p style='color: red'>styled</p>", "style of its own"),
        ("<img src='https://elsewhere.example/x.png' alt=''>", "fetched from elsewhere"),
    ],
)
def test_a_fault_is_found(html, problem):
    assert any(problem in found for found in problems(SOUND % html, is_page=False)), problems(SOUND % html, False)
