"""Grid references come in one form, and nothing else is one."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from programmes.models import Place
from programmes.places.grid import clean_grid_reference


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("SW 83 45", "SW 83 45"),
        ("sw8345", "SW 83 45"),
        (" SW  8 3 4 5 ", "SW 83 45"),
        ("SW", "SW"),
        ("NT27", "NT 2 7"),
        ("TQ 30000 80000", "TQ 30000 80000"),
        ("SO\u00a083\u00a018", "SO 83 18"),
    ],
)
def test_a_grid_reference_is_brought_to_one_form(written, kept):
    assert clean_grid_reference(written) == kept
    assert clean_grid_reference(kept) == kept


WRONG = ["", "S", "SW 8", "SW 834", "SI 83 45", "83 45", "SW 83 45 67 8", "SW 123456 123456", "S1 23", "SW ٨٣٤٥"]


@pytest.mark.parametrize("written", [*WRONG, "SW-83-45", "<b>"])
def test_what_is_no_grid_reference_is_refused_with_an_example(written):
    with pytest.raises(ValidationError, match="SW 83 45"):
        clean_grid_reference(written)


@given(st.text())
def test_whatever_is_written_is_kept_whole_or_refused(written):
    try:
        kept = clean_grid_reference(written)
    except ValidationError:
        return
    assert kept.replace(" ", "") == "".join(written.split()).upper()


def test_a_place_cleans_its_grid_reference_and_says_what_is_wrong_at_its_field(db):
    place = Place(name="Cornwall", slug="cornwall", grid_reference="sw8345")
    place.full_clean()
    assert place.grid_reference == "SW 83 45"
    place.grid_reference = "Truro"
    with pytest.raises(ValidationError) as refused:
        place.full_clean()
    assert set(refused.value.message_dict) == {"grid_reference"}
    Place(name="Devon", slug="devon").full_clean()


SNIPPETS = ["programmes/place", "programmes/theme", "news/newscategory", "changemaking/approachgroup"]


@pytest.mark.parametrize("name", SNIPPETS)
def test_editors_keep_the_terms_in_the_cms(admin_client, name):
    assert admin_client.get(f"/admin/snippets/{name}/").status_code == 200
    saved = admin_client.post(f"/admin/snippets/{name}/add/", {"name": "A term", "slug": "a-term", "order": "0"})
    assert saved.status_code == 302
    again = admin_client.post(f"/admin/snippets/{name}/add/", {"name": "A term", "slug": "a-term", "order": "0"})
    assert again.status_code == 200
    assert "already exists" in again.content.decode()
