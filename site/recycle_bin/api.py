"""Wagtail's API for its own admin, where deleting a page would delete it at once."""

from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response
from wagtail.admin.api.actions.delete import DeletePageAPIAction
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.models import Page
from wagtail.query import PageQuerySet

from core.deleted import is_front_page, outside_bin
from recycle_bin.actions import put_in_bin


class BinPageAPIAction(DeletePageAPIAction):
    """Deleting, into the bin."""

    def execute(self, instance: Page, data: object) -> Response:
        self._action_from_data(instance, data).check()
        if is_front_page(instance):
            raise PermissionDenied
        put_in_bin(instance, self.request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PagesOutsideBin(PagesAdminAPIViewSet):
    """The pages that nobody has deleted."""

    actions = PagesAdminAPIViewSet.actions | {"delete": BinPageAPIAction}

    def get_base_queryset(self) -> PageQuerySet:
        return outside_bin(super().get_base_queryset())


def register(router: WagtailAPIRouter) -> None:
    """Put them in the place of Wagtail's."""
    router.register_endpoint("pages", PagesOutsideBin)
