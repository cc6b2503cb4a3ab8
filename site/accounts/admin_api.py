"""Wagtail's API for its own admin, where it would list every image and document to whoever may open the admin."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.authentication import SessionAuthentication
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents import permissions as of_documents
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images import permissions as of_images
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet


class DocumentsOfCollections(DocumentsAdminAPIViewSet):
    """The documents that a person may choose."""

    authentication_classes = [SessionAuthentication]

    def get_queryset(self) -> QuerySet[Any]:
        policy = of_documents.permission_policy
        return super().get_queryset() & policy.instances_user_has_permission_for(self.request.user, "choose")


class ImagesOfCollections(ImagesAdminAPIViewSet):
    """The images that a person may choose."""

    authentication_classes = [SessionAuthentication]

    def get_queryset(self) -> QuerySet[Any]:
        policy: Any = of_images.permission_policy  # made when the models are ready
        return super().get_queryset() & policy.instances_user_has_permission_for(self.request.user, "choose")


def register(router: WagtailAPIRouter) -> None:
    """Put them in the place of Wagtail's."""
    router.register_endpoint("documents", DocumentsOfCollections)
    router.register_endpoint("images", ImagesOfCollections)
