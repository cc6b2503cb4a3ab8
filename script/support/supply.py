"""What the site is made of, from the lock files and what the installed packages say of themselves. Asks nobody."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")
HOLES = Path(__file__).with_name("known_holes.txt")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)
NOT_STATED = "not stated"


@dataclass(frozen=True)
class Package:
    """A package as it is pinned, with its licence as it says itself: an SPDX expression, or a name."""

    name: str
    version: str
    licence: str


def pins(text: str) -> list[tuple[str, str]]:
    """Names and versions in a lock file. One that depends on the platform may be there twice."""
    return PIN.findall(text)


def packages(lock: Path) -> list[Package]:
    """What of a lock file is installed here, and so belongs to this platform."""
    found = []
    for name, version in pins(lock.read_text()):
        try:
            said = metadata(name)
        except PackageNotFoundError:
            continue
        if said["Version"] == version:
            found.append(Package(name, version, licence_of(said)))
    return found


def licence_of(said: Any) -> str:
    """The licence that a package names: by expression, by classifier, by the first line of its own words."""
    classifiers = [line.split(" :: ")[-1] for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
    own = (said.get("License") or "").strip().splitlines()
    words = own[0] if own and own[0].upper() != "UNKNOWN" and len(own[0]) < 60 else ""
    return said.get("License-Expression") or " AND ".join(classifiers) or words or NOT_STATED


def bill(found: list[Package]) -> str:
    """A bill of materials in the form of CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/)."""
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{package.name}@{package.version}",
            "name": package.name,
            "version": package.version,
            "purl": f"pkg:pypi/{package.name}@{package.version}",
            "licenses": [{"license": {"name": package.licence}}],
        }
        for package in found
    ]
    site = {"type": "application", "bom-ref": "site", "name": "leadership-centre-website"}
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": site},
        "components": components,
        "dependencies": [{"ref": "site", "dependsOn": [component["bom-ref"] for component in components]}],
    }
    return json.dumps(document, indent=2)


def licences(found: list[Package]) -> str:
    """A line for each package: name, version, licence."""
    return "\n".join(f"{package.name:<28} {package.version:<12} {package.licence}" for package in found)


def known_holes(holes: str, lock: str) -> Iterator[str]:
    """Pinned packages that are older than the first version without a known hole, in sentences."""
    lines = (line.split() for line in holes.splitlines() if line.strip() and not line.startswith("#"))
    floors = {name: (oldest, hole) for name, oldest, hole in lines}
    for name, version in pins(lock):
        oldest, hole = floors.get(name, ("0", ""))
        if Version(version) < Version(oldest):
            yield f"{name} {version} has a known hole ({hole}): use {oldest} or newer"


def main(arguments: list[str]) -> int:
    """Print what is asked for; 1 when there is a known hole."""
    parser = argparse.ArgumentParser("script/supply", description=__doc__)
    parser.add_argument("what", choices=["bill", "licences", "holes"], help="bill: CycloneDX 1.6 as JSON")
    asked = parser.parse_args(arguments).what
    if asked == "holes":
        found = [line for lock in LOCKS for line in known_holes(HOLES.read_text(), (ROOT / lock).read_text())]
        print("\n".join(found) or "No known holes.")
        return bool(found)
    show: Callable[[list[Package]], str] = bill if asked == "bill" else licences
    print(show(packages(ROOT / LOCKS[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
