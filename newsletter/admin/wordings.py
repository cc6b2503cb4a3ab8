"""The words of consent: written as drafts, published, and from then on only superseded."""

from typing import Any

from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import re_path
from django.utils.text import Truncator
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.log_actions import log
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView, InspectView

from newsletter.admin.permissions import WordingPermissionHelper
from newsletter.admin.subscribers import checked_pk
from newsletter.models import ConsentWording


class WordingIndexView(IndexView):
    """The listing, without query arguments of its own and without an export."""

    FORMATS = ()
    page_title = "Consent wording"

    def get_filters_params(self, params: Any = None) -> dict[str, list[str]]:
        return {}


class WordingInspectView(InspectView):
    """One wording, with the button that publishes a draft."""

    page_title = "Consent wording"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            can_publish=self.permission_helper.user_can_publish(self.request.user, self.instance),
            publish_url=self.url_helper.get_action_url("publish", self.pk_quoted),
            **kwargs,
        )


class ConsentWordingAdmin(ModelAdmin):
    """Registers the wordings in the admin."""

    model = ConsentWording
    menu_label = "Consent wording"
    menu_icon = "clipboard-list"
    permission_helper_class = WordingPermissionHelper
    index_view_class = WordingIndexView
    inspect_view_class = WordingInspectView
    inspect_view_enabled = True
    history_view_enabled = False
    list_display = ("__str__", "beginning", "published_at", "created_at")
    inspect_view_fields = ("text", "version", "published_at", "created_at")
    panels = (FieldPanel("text"),)

    @display(description="wording", ordering="text")
    def beginning(self, wording: ConsentWording) -> str:
        return Truncator(wording.text).words(16)

    def inspect_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        return super().inspect_view(request, checked_pk(instance_pk))

    def edit_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        return super().edit_view(request, checked_pk(instance_pk))

    def delete_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        return super().delete_view(request, checked_pk(instance_pk))

    def publish_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Publish a draft (POST)."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        wording = get_object_or_404(ConsentWording, pk=checked_pk(instance_pk))
        if not self.permission_helper.user_can_publish(request.user, wording):
            raise PermissionDenied
        wording.publish()
        log(instance=wording, action="wagtail.publish", user=request.user)
        messages.success(request, f"Published as version {wording.version}. Every form shows it from now on.")
        return redirect(self.url_helper.index_url)

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        """The usual views and publishing."""
        helper = self.url_helper
        pattern, name = helper.get_action_url_pattern("publish"), helper.get_action_url_name("publish")
        return (*super().get_admin_urls_for_registration(), re_path(pattern, self.publish_view, name=name))
