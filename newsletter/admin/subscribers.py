"""The mailing list: find a person, see where they stand and why, and do what is asked for."""

from typing import Any

from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Value
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import re_path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from newsletter.admin import actions, exports, search
from newsletter.admin.listing import ReadOnlyAdmin, in_words, require
from newsletter.admin.notices import why_waiting
from newsletter.admin.permissions import MAY_ACT, MAY_EXPORT, MAY_LOOK, SubscriberPermissionHelper
from newsletter.admin.selection import select
from newsletter.admin.subscriber_views import (
    EraseView,
    ReleaseView,
    SubscriberIndexView,
    SubscriberInspectView,
)
from newsletter.models import Subscriber
from newsletter.service import run_again
from newsletter.states import Origin, State

# States that wait for a person's decision.
FOR_A_PERSON = (State.HELD, State.NEEDS_ATTENTION)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SubscriberAdmin(ReadOnlyAdmin):
    """Registers the mailing list in the admin."""

    model = Subscriber
    menu_label = "Mailing list"
    menu_icon = "group"
    permission_helper_class = SubscriberPermissionHelper
    index_view_class = SubscriberIndexView
    inspect_view_class = SubscriberInspectView
    list_display = ("person", "standing", "source", "signed_up", "changed")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        return Subscriber.objects.with_delivery().annotate(why_waiting=Value(why_waiting()))

    # --- Columns -------------------------------------------------------------------------------------

    @display(description="person", ordering="email_key")
    def person(self, subscriber: Subscriber) -> str:
        return str(subscriber)

    @display(description="state")
    def standing(self, subscriber: Any) -> str:
        why = subscriber.reason or (subscriber.why_waiting if subscriber.state == State.WAITING else "")
        weight = " w-status--primary" if subscriber.state in FOR_A_PERSON else ""
        label = format_html('<span class="w-status{} newsletter-state">{}</span>', weight, subscriber.shown_state)
        return format_html('{} <span class="newsletter-why">{}</span>', label, why) if why else label

    @display(description="signed up on")
    def source(self, subscriber: Subscriber) -> str:
        if subscriber.state == State.ERASED:
            return ""
        return "Mailchimp" if subscriber.origin == Origin.MAILCHIMP else subscriber.source_page

    @display(description="signed up", ordering="signed_up_at")
    def signed_up(self, subscriber: Subscriber) -> str:
        return "" if subscriber.state == State.ERASED else in_words(subscriber.signed_up_at)

    @display(description="last change", ordering="state_changed_at")
    def changed(self, subscriber: Subscriber) -> str:
        return in_words(subscriber.state_changed_at)

    # --- What is done with one person ----------------------------------------------------------------

    @method_decorator(require_POST)
    def run_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Have a sign-up delivered again."""
        require(request, MAY_ACT)
        subscriber = get_object_or_404(Subscriber, pk=self.pk_for(request, instance_pk))
        if run_again(subscriber, request.user):
            messages.success(request, "It will be sent to Mailchimp in a moment. This page then says what came of it.")
        else:
            messages.warning(request, "This person left the list. Only they can sign up again.")
        return redirect(self.url_helper.get_action_url("inspect", subscriber.pk))

    @method_decorator(require_POST)
    def data_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Give what is held on a person as a file, for them to have."""
        from newsletter import rights

        subscriber = get_object_or_404(Subscriber, pk=self.pk_for(request, instance_pk))
        if not self.permission_helper.user_can_download(request.user, subscriber):
            raise PermissionDenied
        actions.note(subscriber, actions.DOWNLOAD, request.user)
        name = f"what-we-hold-{subscriber.pk}-{today()}.json"
        return JsonResponse(
            rights.export_person(subscriber),
            json_dumps_params={"indent": 2, "ensure_ascii": False},
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def erase_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Erase a person, after a confirmation."""
        return EraseView.as_view(model_admin=self, instance_pk=self.pk_for(request, instance_pk))(request)

    # --- What is done with many ----------------------------------------------------------------------

    @method_decorator(require_POST)
    def search_view(self, request: HttpRequest) -> HttpResponse:
        """Take what was typed into the search, and go on to the listing of what it finds."""
        require(request, MAY_LOOK)
        arguments = request.GET.copy()
        for name in (search.KEY_ARGUMENT, SubscriberIndexView.PAGE_VAR):
            arguments.pop(name, None)
        if term := request.POST.get("term", "").strip():
            arguments[search.KEY_ARGUMENT] = search.remember(request, term)
        return redirect(f"{self.url_helper.index_url}?{arguments.urlencode()}".removesuffix("?"))

    def release_view(self, request: HttpRequest) -> HttpResponse:
        """Release all held sign-ups, after a confirmation."""
        return ReleaseView.as_view(model_admin=self)(request)

    @method_decorator(require_POST)
    def export_view(self, request: HttpRequest, kind: str) -> Any:
        """Give what the listing at the same filters and search shows, all pages of it, as a spreadsheet."""
        require(request, MAY_EXPORT)
        selection = select(request, Subscriber.objects.order_by("-signed_up_at", "-pk"))
        if not selection.is_clear:
            messages.warning(request, "Nothing was exported, since the search or a filter is out of date.")
            return redirect(self.url_helper.index_url)
        people = exports.known(selection.subscribers)
        actions.note_many(actions.EXPORT, request.user, people.count(), format=kind)
        name = f"mailing-list-{today()}.{kind}"
        if kind == "xlsx":
            book = exports.write_xlsx(exports.rows(people))
            return FileResponse(book, as_attachment=True, filename=name, content_type=XLSX)
        return StreamingHttpResponse(
            exports.csv_lines(exports.rows(people)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        helper = self.url_helper
        export = f"^{helper.base_url_path}/export/(?P<kind>csv|xlsx)/$"
        return (
            *super().get_admin_urls_for_registration(),
            self.url_of_one("run", self.run_view),
            self.url_of_one("data", self.data_view),
            self.url_of_one("erase", self.erase_view),
            self.url_of_all("search", self.search_view),
            self.url_of_all("release", self.release_view),
            re_path(export, self.export_view, name=helper.get_action_url_name("export")),
        )


def today() -> str:
    """The date for a file's name."""
    return timezone.localdate().isoformat()
