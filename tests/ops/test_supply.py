"""What the site is made of is told in full, and a package with a known hole is found."""

import json
from email.message import Message
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = """
django==5.2.7 \\
    --hash=sha256:00
psycopg[binary,pool]==3.3.9 ; python_version >= "3.11" \\
    --hash=sha256:11
    # via django==1.0
"""
HOLES = "# a comment\n\ndjango 5.2.8 CVE-2025-64459\npsycopg 3.1.0 CVE-0\nabsent 1.0 CVE-1\n"


@pytest.fixture
def supply(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "script" / "support"))
    import supply

    return supply


def test_an_old_version_is_found_and_others_are_not(supply: Any) -> None:
    assert list(supply.known_holes(HOLES, LOCK)) == [
        "django 5.2.7 has a known hole (CVE-2025-64459): use 5.2.8 or newer"
    ]
    assert not list(supply.known_holes(HOLES, LOCK.replace("5.2.7", "5.2.10")))  # as numbers, not as words


def test_what_is_pinned_has_no_known_hole(supply: Any, capsys: pytest.CaptureFixture[str]) -> None:
    named = {line.split()[0] for line in supply.HOLES.read_text().splitlines() if line and line[0] != "#"}
    pinned = {name for lock in supply.LOCKS for name, _ in supply.pins((ROOT / lock).read_text())}
    assert "django" in named and named <= pinned  # a line about nothing of ours would watch nothing
    assert supply.main(["holes"]) == 0, capsys.readouterr().out


def test_the_bill_names_everything_that_is_installed_with_its_licence(
    supply: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert supply.main(["bill"]) == 0
    bill = json.loads(capsys.readouterr().out)
    components = {component["name"]: component for component in bill["components"]}
    wanted = {
        line.split("~")[0].split("=")[0].split("[")[0] for line in (ROOT / "requirements.in").read_text().splitlines()
    }
    wanted = {name for name in wanted if not name.startswith("#")}
    if f"wagtail=={version('wagtail')}" not in (ROOT / "requirements.in").read_text():  # script/test --wagtail
        wanted.remove("wagtail")
    assert wanted <= components.keys()
    assert components["django"]["purl"].startswith("pkg:pypi/django@5.2")
    assert components["django"]["licenses"] == [{"license": {"name": "BSD-3-Clause"}}]
    assert len({component["bom-ref"] for component in bill["components"]}) == len(bill["components"]) > 40
    assert set(bill["dependencies"][0]["dependsOn"]) == {component["bom-ref"] for component in bill["components"]}

    assert supply.main(["licences"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(components)


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        ({"License-Expression": "MIT", "License": "BSD"}, "MIT"),
        ({"Classifier": "License :: OSI Approved :: MIT License", "License": "x"}, "MIT License"),
        ({"License": "BSD 3\nand a long text"}, "BSD 3"),
        ({"License": "UNKNOWN"}, "not stated"),
        ({}, "not stated"),
    ],
)
def test_a_licence_is_read_wherever_it_is_named(supply: Any, said: dict[str, str], licence: str) -> None:
    message = Message()
    for name, value in said.items():
        message[name] = value
    assert supply.licence_of(message) == licence
