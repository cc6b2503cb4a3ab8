"""What editors do to the pages of a running site, done by another process: `python -m tests.reliability.editing`.

Reads one action a line, its name and arguments divided by tabs, and answers `done` when it is committed.
"""

import datetime
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Editor:
    """The other end: the process, and what it is told to do."""

    def __init__(self, environment: dict[str, str]) -> None:
        paths = os.pathsep.join((str(ROOT), str(ROOT / "site")))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.editing"],
            cwd=ROOT,
            env=environment | {"PYTHONPATH": paths},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def does(self, action: str, *arguments: str) -> None:
        """Have something done, and wait until it is committed."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("\t".join([action, *arguments]) + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n", f"{action} failed"

    def leave(self) -> None:
        self.process.kill()
        self.process.wait()


# --- In the other process ----------------------------------------------------------------------------


def page(slug: str) -> Any:
    from wagtail.models import Page

    return Page.objects.get(slug=slug).specific


def publish(slug: str, title: str) -> None:
    """Publish a page under a new title."""
    found = page(slug)
    found.title = title
    found.save_revision().publish()


def add(parent: str, slug: str, title: str) -> None:
    """Add a page beneath another, of the kind that belongs there, and publish it."""
    above = page(parent)
    made = above.allowed_subpage_models()[0](title=title, slug=slug, live=False)
    above.add_child(instance=made)
    made.save_revision().publish()


def schedule(parent: str, slug: str, title: str) -> None:
    """Add a page that goes live in a second, by whoever publishes what is scheduled."""
    from django.utils import timezone

    above = page(parent)
    made = above.allowed_subpage_models()[0](title=title, slug=slug, live=False)
    made.go_live_at = timezone.now() + datetime.timedelta(seconds=1)
    above.add_child(instance=made)
    made.save_revision().publish()


def unpublish(slug: str) -> None:
    page(slug).unpublish()


def move(slug: str, parent: str) -> None:
    page(slug).move(page(parent), pos="last-child")


def make_private(slug: str) -> None:
    """Have readers of a page log in first."""
    from wagtail.models import PageViewRestriction

    PageViewRestriction.objects.create(page=page(slug), restriction_type=PageViewRestriction.LOGIN)


def swap_picture(slug: str, colour: str) -> None:
    """Put another file behind a page's picture; give it a picture first when it has none."""
    from django.core.files.images import ImageFile
    from PIL import Image

    from core.models import SiteImage

    data = io.BytesIO()
    Image.new("RGB", (1400, 800), colour).save(data, "PNG")
    found = page(slug)
    image = found.social_image or SiteImage(title="A picture")
    image.file = ImageFile(data, name=f"{colour}.png")
    # As Wagtail's form does; the hash is part of the name under which each process remembers the sizes.
    image._set_image_file_metadata()
    image.save()
    image.renditions.all().delete()
    if found.social_image is None:
        found.social_image = image
        found.save_revision().publish()


def keep_private(title: str) -> None:
    """Have readers of a document log in first."""
    from wagtail.models import Collection, CollectionViewRestriction

    from core.models import SiteDocument

    document = SiteDocument.objects.get(title=title)
    document.collection = Collection.get_first_root_node().add_child(name="Private")
    document.save()
    CollectionViewRestriction.objects.create(collection=document.collection, restriction_type="login")


def change_menu(label: str) -> None:
    """Have the menu hold one link."""
    from wagtail.models import Site

    from core.models import Navigation

    navigation = Navigation.for_site(Site.objects.get(is_default_site=True))
    navigation.menu = [("link", {"page": page("about"), "address": "", "label": label})]
    navigation.save()


ACTIONS = {
    one.__name__: one
    for one in (publish, add, schedule, unpublish, move, make_private, swap_picture, keep_private, change_menu)
}


def main() -> None:
    import django

    django.setup()
    for line in sys.stdin:
        name, *arguments = line.rstrip("\n").split("\t")
        ACTIONS[name](*arguments)
        print("done", flush=True)


if __name__ == "__main__":
    main()
