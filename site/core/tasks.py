"""What the worker does about pages after an editor has gone on."""

from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django_tasks import task
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex


@task(backend="background", queue_name="background")
def make_renditions(pk: int) -> None:
    """Show a page once, and those above it, which list it: that makes the pictures in all their sizes and formats.

    Without it the first reader would wait for them, for seconds when there are several photographs.

    Args:
        pk: of the page. One that is gone or not live by now is left alone.
    """
    page = Page.objects.live().filter(pk=pk).first()
    if page is None:
        return
    for shown in page.get_ancestors(inclusive=True).live().filter(depth__gt=1).specific():
        shown.make_preview_request()


@task(backend="background", queue_name="background")
def delete_file(name: str) -> None:
    """Delete a file that could not be deleted when somebody asked for it.

    Args:
        name: in the media storage, which asks for it again while it cannot.
    """
    default_storage.delete(name)


def make_renditions_soon(instance: Page, **kwargs: Any) -> None:
    """Have the worker make the pictures of a page that was published, if it shows any."""
    pictures = ReferenceIndex.get_references_for_object(instance).filter(to_content_type__model=_picture_model())
    if pictures.exists():
        transaction.on_commit(lambda: make_renditions.enqueue(instance.pk))


def _picture_model() -> str:
    return get_image_model()._meta.model_name
