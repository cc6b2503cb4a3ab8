"""What the engine has noted: comparisons with Mailchimp, and messages from there. To be read only."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from wagtail_modeladmin.views import InspectView

from newsletter.admin.listing import QuickIndexView, ReadOnlyAdmin, in_words
from newsletter.admin.permissions import ReadOnlyPermissionHelper
from newsletter.models import Reconciliation, WebhookEvent


class RecordInspectView(InspectView):
    """One record."""

    def get_page_title(self) -> str:
        return str(capfirst(self.verbose_name))

    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        value = getattr(self.instance, field_name)
        if isinstance(value, datetime):
            return in_words(value)
        return value if isinstance(value, int) else super().get_field_display_value(field_name, field)

    def get_field_label(self, field_name: str, field: Any = None) -> str:
        return str(capfirst(super().get_field_label(field_name, field)))


class ReconciliationIndexView(QuickIndexView):
    """The listing of comparisons, the newest first."""

    page_title = "Comparisons with Mailchimp"


class ReconciliationAdmin(ReadOnlyAdmin):
    """Registers the comparisons in the admin."""

    model = Reconciliation
    menu_label = "Comparisons"
    menu_icon = "resubmit"
    permission_helper_class = ReadOnlyPermissionHelper
    index_view_class = ReconciliationIndexView
    inspect_view_class = RecordInspectView
    list_display = ("began", "extent", "result", "seen", "imported", "changed", "missing", "sent_again")
    inspect_view_fields = (
        *("started_at", "finished_at", "extent", "since", "seen", "imported", "changed", "missing", "sent_again"),
        "error",
    )

    @display(description="began")
    def began(self, reconciliation: Reconciliation) -> str:
        return in_words(reconciliation.started_at)

    @display(description="result")
    def result(self, reconciliation: Reconciliation) -> str:
        if reconciliation.error:
            return f"Stopped: {reconciliation.error}"
        return "Complete" if reconciliation.finished_at else "Running, or broken off"


class DoneFilter(SimpleListFilter):
    """Filter messages by whether they were acted on."""

    title = "progress"
    parameter_name = "done"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "Waiting"), ("yes", "Done")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> QuerySet[WebhookEvent]:
        return {
            "no": queryset.filter(done_at__isnull=True),
            "yes": queryset.filter(done_at__isnull=False),
        }.get(self.value() or "", queryset)


class WebhookEventIndexView(QuickIndexView):
    """The listing of messages, the newest first, without what stands in them."""

    page_title = "Messages from Mailchimp"


class WebhookEventInspectView(RecordInspectView):
    """One message with its fields, which hold personal data."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event: Any = self.instance
        parts = parse_qsl(event.body, keep_blank_values=True)
        return super().get_context_data(parts=parts, body=event.body, **kwargs)


class WebhookEventAdmin(ReadOnlyAdmin):
    """Registers the messages in the admin."""

    model = WebhookEvent
    menu_label = "Messages from Mailchimp"
    menu_icon = "comment"
    permission_helper_class = ReadOnlyPermissionHelper
    index_view_class = WebhookEventIndexView
    inspect_view_class = WebhookEventInspectView
    list_display = ("received", "kind", "progress", "attempts", "outcome")
    list_filter = (DoneFilter,)
    inspect_view_fields = ("kind", "received_at", "done_at", "attempts", "outcome")

    @display(description="received")
    def received(self, event: WebhookEvent) -> str:
        return in_words(event.received_at)

    @display(description="progress")
    def progress(self, event: WebhookEvent) -> str:
        return "Done" if event.done_at else "Waiting"
