"""The words of consent: written as drafts, published, and from then on only superseded."""

from typing import Any

from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.text import Truncator
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.log_actions import log
from wagtail_modeladmin.views import CreateView, EditView

from newsletter.admin.listing import CheckedAdmin, QuickIndexView, in_words
from newsletter.admin.permissions import WordingPermissionHelper
from newsletter.admin.records import RecordInspectView
from newsletter.models import ConsentWording
from newsletter.models.consent import current_wording


class WordingIndexView(QuickIndexView):
    """The listing of wordings, the newest first."""

    page_title = "Consent wording"


class WordingInspectView(RecordInspectView):
    """One wording, with the button that publishes a draft."""

    page_title = "Consent wording"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            fields=[field for field in self.get_fields_dict() if field["value"] not in ("", "-", None)],
            can_publish=self.permission_helper.user_can_publish(self.request.user, self.instance),
            can_edit=self.permission_helper.user_can_edit_obj(self.request.user, self.instance),
            can_delete=self.permission_helper.user_can_delete_obj(self.request.user, self.instance),
            publish_url=self.url_helper.get_action_url("publish", self.pk_quoted),
            **kwargs,
        )


class WordingCreateView(CreateView):
    """A new draft."""

    page_title = "New consent wording"

    def get_page_subtitle(self) -> str:
        return ""

    def get_instance(self) -> Any:
        """Start from the words of now: a new version mostly changes a few of them."""
        current = current_wording()
        return ConsentWording(text=current.text, basis=current.basis)


class WordingEditView(EditView):
    """A draft."""

    page_title = "Consent wording"


class ConsentWordingAdmin(CheckedAdmin):
    """Registers the wordings in the admin."""

    model = ConsentWording
    menu_label = "Consent wording"
    menu_icon = "clipboard-list"
    permission_helper_class = WordingPermissionHelper
    index_view_class = WordingIndexView
    inspect_view_class = WordingInspectView
    create_view_class = WordingCreateView
    edit_view_class = WordingEditView
    list_display = ("__str__", "beginning", "basis", "published", "written")
    inspect_view_fields = ("text", "basis", "version", "published_at", "created_at")
    panels = (FieldPanel("text"), FieldPanel("basis"))

    @display(description="wording")
    def beginning(self, wording: ConsentWording) -> str:
        return Truncator(wording.text).words(16)

    @display(description="published")
    def published(self, wording: ConsentWording) -> str:
        return in_words(wording.published_at)

    @display(description="written")
    def written(self, wording: ConsentWording) -> str:
        return in_words(wording.created_at)

    @method_decorator(require_POST)
    def publish_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Publish a draft."""
        wording = get_object_or_404(ConsentWording, pk=self.pk_for(request, instance_pk))
        if not self.permission_helper.user_can_publish(request.user, wording):
            raise PermissionDenied
        wording.publish()
        log(instance=wording, action="wagtail.publish", user=request.user)
        messages.success(request, f"Published as version {wording.version}. Every form shows it from now on.")
        return redirect(self.url_helper.index_url)

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        """The usual views and publishing."""
        return (*super().get_admin_urls_for_registration(), self.url_of_one("publish", self.publish_view))
