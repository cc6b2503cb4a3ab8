"""Wagtail's API for its own admin, where it would list every image and document to whoever may open the admin."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.authentication import SessionAuthentication
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents import get_document_model_string
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images import get_image_model_string
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

# As Wagtail's own, which stand somewhere else from its version 8 on.
OF_DOCUMENTS = CollectionOwnershipPermissionPolicy(
    get_document_model_string(), auth_model="wagtaildocs.Document", owner_field_name="uploaded_by_user"
)
OF_IMAGES = CollectionOwnershipPermissionPolicy(
    get_image_model_string(), auth_model="wagtailimages.Image", owner_field_name="uploaded_by_user"
)


class DocumentsOfCollections(DocumentsAdminAPIViewSet):
    """The documents that a person may choose."""

    authentication_classes = [SessionAuthentication]

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset() & OF_DOCUMENTS.instances_user_has_permission_for(self.request.user, "choose")


class ImagesOfCollections(ImagesAdminAPIViewSet):
    """The images that a person may choose."""

    authentication_classes = [SessionAuthentication]

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset() & OF_IMAGES.instances_user_has_permission_for(self.request.user, "choose")


def register(router: WagtailAPIRouter) -> None:
    """Put them in the place of Wagtail's."""
    router.register_endpoint("documents", DocumentsOfCollections)
    router.register_endpoint("images", ImagesOfCollections)
