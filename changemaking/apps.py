"""The Art of Change Making: approaches and how they connect."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save


class ChangemakingConfig(AppConfig):
    name = "changemaking"
    verbose_name = "The Art of Change Making"

    def ready(self) -> None:
        """Lay the drawing out anew whenever something that it shows has changed."""
        from wagtail.models import PageViewRestriction
        from wagtail.signals import page_published, page_unpublished, post_page_move

        from changemaking.layouts import refresh_after_page, refresh_soon
        from changemaking.models import ApproachGroup, ApproachPage

        for signal in (page_published, page_unpublished, post_page_move):
            signal.connect(refresh_after_page, dispatch_uid="changemaking.layout")
        post_delete.connect(refresh_after_page, sender=ApproachPage, dispatch_uid="changemaking.layout")
        post_migrate.connect(refresh_soon, sender=self, dispatch_uid="changemaking.layout")  # after a release
        for model in (ApproachGroup, PageViewRestriction):
            for signal in (post_save, post_delete):
                signal.connect(refresh_soon, sender=model, dispatch_uid="changemaking.layout")
