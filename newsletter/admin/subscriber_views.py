"""The pages about subscribers: the list, one person, erasing one, releasing those that are held."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.admin import messages
from wagtail_modeladmin.views import InspectView, InstanceSpecificView, WMABaseView

from newsletter.admin import actions, release, search
from newsletter.admin.listing import QuickIndexView, in_words
from newsletter.admin.notices import current_notices, why_waiting
from newsletter.admin.permissions import MAY_ACT, MAY_EXPORT
from newsletter.admin.selection import Selection, select
from newsletter.models import Subscriber
from newsletter.states import Origin, Source, State


class SubscriberIndexView(QuickIndexView):
    """The list of people."""

    page_title = "Mailing list"
    sortable_by = ("person", "signed_up", "changed")
    SEARCH_VAR = search.KEY_ARGUMENT
    has_filters = False
    filter_specs: tuple[Any, ...] = ()
    selection: Selection

    def get_queryset(self, request: HttpRequest | None = None) -> Any:
        request = request or self.request
        self.selection = select(request, self.get_base_queryset(request))
        return self.selection.subscribers.order_by(*self.get_ordering(request, self.selection.subscribers))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.selection.term is None:
            messages.warning(request, "That search is over. Please search again.")
            return redirect(self.index_url)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        helper, user = self.url_helper, self.request.user
        return super().get_context_data(
            notices=current_notices(),
            selection=self.selection,
            arguments=self.get_query_string(remove=[self.SEARCH_VAR]).removeprefix("?"),
            exports=[
                (label, helper.get_action_url("export", kind) + self.get_query_string())
                for kind, label in (("csv", "Export as CSV"), ("xlsx", "Export as XLSX"))
            ],
            may_export=user.has_perm(MAY_EXPORT),
            may_release=user.has_perm(MAY_ACT),
            **kwargs,
        )


class SubscriberInspectView(InspectView):
    """One person: where they stand and why, what can be done, the evidence of consent and the history."""

    page_title = "Subscriber"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subscriber: Any = self.instance
        rights, user, url = self.permission_helper, self.request.user, self.url_helper.get_action_url
        return super().get_context_data(
            why=subscriber.reason or (why_waiting() if subscriber.state == State.WAITING else ""),
            facts=facts_about(subscriber),
            consents=subscriber.consents.all(),
            transitions=subscriber.transitions.select_related("user"),
            entries=subscriber.outbox.all(),
            run_url=url("run", self.pk_quoted) if rights.user_can_run_again(user, subscriber) else "",
            data_url=url("data", self.pk_quoted) if rights.user_can_download(user, subscriber) else "",
            erase_url=url("erase", self.pk_quoted) if rights.user_can_erase(user, subscriber) else "",
            **kwargs,
        )


def facts_about(subscriber: Subscriber) -> list[tuple[str, Any]]:
    """What is known of a person, in words; only what there is."""
    if subscriber.state == State.ERASED:
        return [("Erased", in_words(subscriber.state_changed_at))]
    came_by_form = subscriber.origin == Origin.FORM
    wording = "" if subscriber.wording_version is None else f"Version {subscriber.wording_version}"
    facts = [
        ("Name", f"{subscriber.first_name} {subscriber.last_name}".strip()),
        ("Topics", ", ".join(interest.label for interest in subscriber.interests.all())),
        ("Signed up" if came_by_form else "On the list since", in_words(subscriber.signed_up_at)),
        ("Signed up on", subscriber.source_page),
        ("Basis", subscriber.get_basis_display()),
        ("Consent wording", wording or ("None here: the sign-up was elsewhere" if not came_by_form else "")),
        ("Known from", subscriber.get_origin_display()),
        ("Last change", in_words(subscriber.state_changed_at)),
        ("At Mailchimp", subscriber.mailchimp_status.capitalize() or "Not seen there yet"),
        ("Last change at Mailchimp", in_words(subscriber.mailchimp_changed_at)),
        ("Last look at Mailchimp", in_words(subscriber.mailchimp_seen_at)),
    ]
    return [(label, value) for label, value in facts if value]


class EraseView(InstanceSpecificView):
    """Erasing a person: says what happens (GET), and does it (POST)."""

    page_title = "Erase"

    def check_action_permitted(self, user: Any) -> bool:
        return self.permission_helper.user_can_erase(user, self.instance)

    def get_meta_title(self) -> str:
        return "Erase a person"

    def get_template_names(self) -> list[str]:
        return ["modeladmin/newsletter/subscriber/erase.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        inspect_url = self.url_helper.get_action_url("inspect", self.pk_quoted)
        return super().get_context_data(inspect_url=inspect_url, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from newsletter import rights

        subscriber: Any = self.instance
        with transaction.atomic():
            rights.erase(subscriber, source=Source.EDITOR, user=request.user)
            actions.note(subscriber, actions.ERASE, request.user)
        search.forget(request)
        messages.success(
            request, "The person is erased here. The table below says when they are erased at Mailchimp, too."
        )
        return redirect(self.url_helper.get_action_url("inspect", self.pk_quoted))


class ReleaseView(WMABaseView):
    """Releasing all held sign-ups: says how many (GET), and does it (POST)."""

    page_title = "Release held sign-ups"

    def check_action_permitted(self, user: Any) -> bool:
        return user.has_perm(MAY_ACT)

    def get_template_names(self) -> list[str]:
        return ["modeladmin/newsletter/subscriber/release.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        held = release.held(now)
        return super().get_context_data(
            count=held.count(), until=now.isoformat(), examples=held.order_by("-signed_up_at")[:10], **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        count = release.release_all(request.user, _shown_until(request))
        actions.note_many(actions.RELEASE, request.user, count)
        sign_ups = "1 sign-up is" if count == 1 else f"{count} sign-ups are"
        messages.success(request, f"{sign_ups} released and will be sent to Mailchimp in a moment.")
        return redirect(self.index_url)


def _shown_until(request: HttpRequest) -> datetime:
    """When the confirmation was shown: what was held later has not been looked at."""
    now = timezone.now()
    try:
        shown = parse_datetime(request.POST.get("until", ""))
    except ValueError:
        return now
    return min(shown, now) if shown and timezone.is_aware(shown) else now
