"""The writer of the document to download."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from home.starting_content import survey
from home.starting_content.pdf import write_pdf


def test_pdf_says_its_language_title_and_structure() -> None:
    reader = PdfReader(io.BytesIO(write_pdf("Naïve (title)", survey.PARAGRAPHS)), strict=True)
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Naïve (title)"
    elements = [element.get_object() for element in root["/StructTreeRoot"]["/K"]["/K"]]
    assert [element["/S"] for element in elements] == [f"/{role}" for role, _ in survey.PARAGRAPHS]
    assert [element["/K"] for element in elements] == list(range(len(survey.PARAGRAPHS)))


def test_pdf_of_the_same_words_is_the_same_file() -> None:
    assert write_pdf(survey.TITLE, survey.PARAGRAPHS) == write_pdf(survey.TITLE, survey.PARAGRAPHS)


def test_pdf_keeps_brackets_backslashes_and_typographic_marks() -> None:
    words = "A (bracket, a \\ backslash, a ‘quotation’ and £82bn)"
    page = PdfReader(io.BytesIO(write_pdf("Marks", [("P", words)])), strict=True).pages[0]
    assert page.extract_text().strip() == words


def test_pdf_refuses_what_does_not_fit_or_cannot_be_shown() -> None:
    with pytest.raises(ValueError, match="fit on one page"):
        write_pdf("Long", [("P", "word " * 2000)])
    with pytest.raises(UnicodeEncodeError):
        write_pdf("Script", [("P", "日本")])
