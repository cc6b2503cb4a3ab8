"""The mailing list: find a sign-up, see where it stands and why, run it again."""

from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import re_path
from django.utils.text import capfirst
from wagtail.admin import messages
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView, InspectView

from newsletter.admin.notices import current_notices, why_waiting
from newsletter.admin.permissions import SubscriberPermissionHelper
from newsletter.models import Subscriber
from newsletter.service import run_again
from newsletter.states import State


class StateFilter(SimpleListFilter):
    """Filter by state. "Being delivered" lasts a second or two and is no state to look for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state.value, state.label) for state in State if state != State.DELIVERING]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
        return queryset.filter(state=self.value()) if self.value() in State.values else queryset


class SubscriberIndexView(IndexView):
    """The listing. Only its own filter is a query argument, and there is no export."""

    FORMATS = ()
    page_title = "Mailing list"

    def get_filters_params(self, params: Any = None) -> dict[str, list[str]]:
        known = super().get_filters_params(params)
        return {name: value for name, value in known.items() if name == StateFilter.parameter_name}

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        # PostgreSQL refuses to compare with a NUL.
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(notices=current_notices(), **kwargs)


class SubscriberInspectView(InspectView):
    """One subscriber with the evidence of consent and the history."""

    page_title = "Subscriber"

    def get_field_label(self, field_name: str, field: Any = None) -> str:
        return str(capfirst(super().get_field_label(field_name, field)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subscriber: Any = self.instance
        return super().get_context_data(
            consents=subscriber.consents.all(),
            transitions=subscriber.transitions.select_related("user"),
            entries=subscriber.outbox.all(),
            can_run_again=self.permission_helper.user_can_run_again(self.request.user, subscriber),
            run_url=self.url_helper.get_action_url("run", self.pk_quoted),
            **kwargs,
        )


class SubscriberAdmin(ModelAdmin):
    """Registers the mailing list in the admin."""

    model = Subscriber
    menu_label = "Mailing list"
    menu_icon = "group"
    permission_helper_class = SubscriberPermissionHelper
    index_view_class = SubscriberIndexView
    inspect_view_class = SubscriberInspectView
    inspect_view_enabled = True
    history_view_enabled = False
    list_display = ("email", "state_in_words", "why", "source_page", "signed_up_at", "state_changed_at")
    list_filter = (StateFilter,)
    list_per_page = 50
    index_view_extra_css = ["newsletter/admin.css"]
    search_fields = ("email_key",)
    inspect_view_fields = (
        "email",
        "first_name",
        "last_name",
        "state",
        "reason",
        "source_page",
        "signed_up_at",
        "state_changed_at",
        "mailchimp_status",
        "mailchimp_seen_at",
    )
    panels = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        return Subscriber.objects.with_delivery().annotate(why_waiting=Value(why_waiting()))

    @display(description="state", ordering="state")
    def state_in_words(self, subscriber: Subscriber) -> str:
        return subscriber.shown_state

    @display(description="reason")
    def why(self, subscriber: Any) -> str:
        return subscriber.reason or (subscriber.why_waiting if subscriber.state == State.WAITING else "")

    def inspect_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        return super().inspect_view(request, checked_pk(instance_pk))

    def run_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """Have a sign-up delivered again (POST)."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm("newsletter.change_subscriber"):
            raise PermissionDenied
        subscriber = get_object_or_404(Subscriber, pk=checked_pk(instance_pk))
        if run_again(subscriber, request.user):
            messages.success(request, "It will be sent to Mailchimp in a moment. This page then says what came of it.")
        else:
            messages.warning(request, "This person left the list. Only they can sign up again.")
        return redirect(self.url_helper.get_action_url("inspect", subscriber.pk))

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        """The listing, one subscriber, and running again; nothing that writes by hand."""
        views = {"index": self.index_view, "inspect": self.inspect_view, "run": self.run_view}
        helper = self.url_helper
        return tuple(
            re_path(helper.get_action_url_pattern(action), view, name=helper.get_action_url_name(action))
            for action, view in views.items()
        )

    def register_admin_url_finders(self) -> None:
        """Nothing to find: subscribers have no edit view."""


def checked_pk(instance_pk: str) -> str:
    """The key out of an address.

    Raises:
        Http404: it is no number, or longer than any.
    """
    if not (instance_pk.isascii() and instance_pk.isdecimal() and len(instance_pk) <= 18):
        raise Http404
    return instance_pk
