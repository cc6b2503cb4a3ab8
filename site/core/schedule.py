"""Publishing and unpublishing at the time that an editor has set.

Wagtail's own command does it one after another and ends with the first that fails, which keeps all later ones waiting
for as long as nobody mends it. Here each stands for itself.
"""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.apps import apps
from django.db import OperationalError, transaction
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

from core.worker import stopping

logger = logging.getLogger(__name__)


def publish_scheduled() -> None:
    """Unpublish what has expired and publish what is due. What fails is logged and tried again at the next run.

    Raises:
        OperationalError: the database is away or locked; the rest is done at the next run.
    """
    for name, key, act in _due():
        if stopping.is_set():
            return
        try:
            with transaction.atomic():
                act()
        except OperationalError:
            raise
        except Exception:
            logger.exception("could not be published or unpublished in time", extra={"model": name, "key": key})


def _due() -> Iterator[tuple[str, Any, Callable[[], Any]]]:
    """What has to be done now, in the order of its time: what it is, its key, and how."""
    now = timezone.now()
    for model in _models():
        for found in list(model._default_manager.filter(live=True, expire_at__lt=now).order_by("expire_at")):
            act = partial(found.unpublish, set_expired=True, log_action="wagtail.unpublish.scheduled")
            yield model._meta.label, found.pk, act
    for revision in list(Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")):
        act = partial(revision.publish, log_action="wagtail.publish.scheduled")
        yield revision.content_type.model_class()._meta.label, revision.object_id, act


def _models() -> list[Any]:
    """Everything that can be scheduled. Pages of every type are found in the table of all pages."""
    others = (model for model in apps.get_models() if issubclass(model, DraftStateMixin))
    return [Page, *(model for model in others if not issubclass(model, Page))]
