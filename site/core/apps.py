"""The app that holds what every page shares. It knows no other app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Site"

    def ready(self) -> None:
        from wagtail.admin.views.generic.base import BaseListingView
        from wagtail.admin.views.pages.listing import IndexView
        from wagtail.signals import page_published

        from core import checks, old_addresses, redirect_files, signal_handlers, spreadsheets  # noqa: F401 - by importing
        from core.choosers import make_nothing_without_a_form
        from core.page_cache import cdn, changes
        from core.pagination import KeysFirstPaginator
        from core.tasks import make_renditions_soon
        from core.whole_tree import explore_the_whole_tree_quickly

        # Wagtail names its paginator here for this: all lists of the admin share it.
        BaseListingView.paginator_class = KeysFirstPaginator
        # As many lines as Wagtail's other lists have, not 50: drawing them is most of what this one takes.
        IndexView.paginate_by = 20
        explore_the_whole_tree_quickly()
        make_nothing_without_a_form()
        spreadsheets.protect_exports()
        redirect_files.take_untidy_files()
        changes.connect()
        cdn.connect()
        page_published.connect(make_renditions_soon)
        old_addresses.connect()
        post_migrate.connect(signal_handlers.follow_site_url, sender=self)
        post_migrate.connect(signal_handlers.fill_search, sender=self)
