"""Loading the starting content: each thing once, never over an editor's work.

Each app describes its content in a module `content` with `load(content)`, and, for links between apps,
`connect(content)`, which runs after every app's `load`.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models, transaction
from wagtail.models import Page

from core.models import LoadedContent, SiteDocument


class Content:
    """What apps load their content with. Counts what was new in `added`."""

    def __init__(self) -> None:
        self.added = 0

    def page(self, key: str, parent: Page | None, build: Callable[[], Page]) -> Any:
        """Add and publish a page once; afterwards give the page as it is now, or None if it was deleted."""
        return self._once(key, lambda: self._publish(parent, build())) if parent is not None else self.find(key)

    def draft(self, key: str, parent: Page | None, build: Callable[[], Page]) -> Any:
        """Add a page once that readers do not see, for editors to go on with."""

        def save(parent: Page) -> Page:
            parent.refresh_from_db()
            page = build()
            page.live = False
            parent.add_child(instance=page)
            page.save_revision(clean=False, log_action="wagtail.create")
            return page

        return self._once(key, lambda: save(parent)) if parent is not None else self.find(key)

    def record(self, key: str, build: Callable[[], models.Model]) -> Any:
        """Save a record (a snippet, a category) once; afterwards give it as it is now, or None if it was deleted."""

        def save() -> models.Model:
            instance = build()
            instance.save()
            return instance

        return self._once(key, save)

    def document(self, key: str, title: str, file_name: str, data: Callable[[], bytes], summary: str = "") -> Any:
        """Add a document to download once."""

        def save() -> models.Model:
            document = SiteDocument(title=title, summary=summary)
            document.file.save(file_name, ContentFile(data()), save=False)
            document.save()
            return document

        return self._once(key, save)

    def step(self, key: str, run: Callable[[], None]) -> None:
        """Do something once that leaves no single record, such as filling the navigation."""
        if not LoadedContent.objects.filter(key=key).exists():
            run()
            self._remember(key, None)

    def find(self, key: str) -> Any:
        """The thing loaded under a key, as it is now; None when it was never loaded or has been deleted."""
        entry = LoadedContent.objects.filter(key=key).first()
        if entry is None or not entry.model:
            return None
        return apps.get_model(entry.model)._default_manager.filter(pk=entry.object_id).first()

    def _once(self, key: str, make: Callable[[], models.Model]) -> Any:
        if LoadedContent.objects.filter(key=key).exists():
            return self.find(key)
        instance = make()
        self._remember(key, instance)
        return instance

    def _remember(self, key: str, instance: models.Model | None) -> None:
        LoadedContent.objects.create(
            key=key,
            model=instance._meta.label_lower if instance is not None else "",
            object_id=str(instance.pk) if instance is not None else "",
        )
        self.added += 1

    def _publish(self, parent: Page, page: Page) -> Page:
        parent.refresh_from_db()  # its path and child count, which earlier additions changed
        parent.add_child(instance=page)
        page.save_revision(clean=False, log_action="wagtail.create").publish()
        page.refresh_from_db()
        return page


@transaction.atomic
def load_all() -> int:
    """Load the content of every app, all or nothing.

    Returns:
        How many things were new; 0 when everything had been loaded before.
    """
    content = Content()
    modules = [
        import_module(f"{config.name}.content")
        for config in apps.get_app_configs()
        if config.name != "core" and find_spec(f"{config.name}.content")
    ]
    for name in ("load", "connect"):
        for module in modules:
            if hasattr(module, name):
                getattr(module, name)(content)
    return content.added
