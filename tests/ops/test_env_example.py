"""`.env.example` names every variable that the site reads, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# For the tests and for finding mistakes in the settings themselves.
NOT_FOR_PEOPLE = {"DJANGO_SETTINGS_MODULE", "DEBUG_SETTINGS", "TEST_DATABASE_URL", "TEST_REDIS_URL", "ENV_FILE"}
READING = re.compile(r"""\b(?:env(?:\.\w+)?\(|os\.environ(?:\.get\(|\.setdefault\(|\[))\s*"([A-Z][A-Z0-9_]+)\"""")
NAMED = re.compile(r"^#([A-Z][A-Z0-9_]+)=", re.MULTILINE)


def variables_read() -> set[str]:
    files = [ROOT / "manage.py", ROOT / "gunicorn.conf.py"]
    for folder in ("site", "home", "programmes", "news", "changemaking", "newsletter"):
        files += (ROOT / folder).rglob("*.py")
    return {name for path in files for name in READING.findall(path.read_text())} - NOT_FOR_PEOPLE


def test_every_variable_is_explained() -> None:
    example = (ROOT / ".env.example").read_text()
    assert {"SITE_URL", "PORT", "MAILCHIMP_API_KEY"} <= variables_read()  # the search finds something
    assert set(NAMED.findall(example)) == variables_read()


def test_each_has_a_comment_with_its_default() -> None:
    paragraphs = (ROOT / ".env.example").read_text().split("\n\n")
    for paragraph in paragraphs:
        if NAMED.search(paragraph):
            assert "Default:" in paragraph, paragraph
