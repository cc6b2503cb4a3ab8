"""What accounts adds to Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry

from accounts import admin_api, views
from accounts.roles import may_look_after
from accounts.user_admin import ACTIONS

# In the place of Wagtail's own of the same name, which were registered before.
for action in ACTIONS:
    hooks.register("register_bulk_action", action, order=10)
hooks.register("construct_admin_api", admin_api.register, order=10)


@hooks.register("register_admin_urls")
def add_pages() -> list[URLPattern]:
    """The pages of the second factor for those who are signed in."""
    return [
        path("second-factor/manage/", views.manage, name="second_factor_manage"),
        path("users/<int:pk>/reset-second-factor/", views.reset, name="second_factor_reset"),
    ]


@hooks.register("register_account_menu_item")
def add_to_account(request: HttpRequest) -> dict[str, str]:
    """The way from a person's own account to their second factor."""
    return {
        "url": reverse("second_factor_manage"),
        "label": "Second factor",
        "help_text": "A code from an app on your telephone, asked for when you sign in; and your recovery codes.",
    }


@hooks.register("register_user_listing_buttons")
def add_reset(user: Any, request_user: Any) -> Iterator[Button]:
    """In the list of users: the way to let a person in again who has lost their telephone."""
    if request_user.has_perm("core.change_user") and user != request_user and may_look_after(request_user, user):
        yield Button("Reset second factor", url=reverse("second_factor_reset", args=[user.pk]), icon_name="key")


@hooks.register("register_log_actions")
def add_log_actions(registry: LogActionRegistry) -> None:
    """What happens to accounts, in the words of Wagtail's reports."""
    for name, label, message in (
        ("set_up_second_factor", "Set up the second factor", "Second factor set up"),
        ("renew_recovery_codes", "Make new recovery codes", "New recovery codes made"),
        ("turn_off_second_factor", "Turn off the second factor", "Second factor turned off"),
        ("reset_second_factor", "Reset the second factor", "Second factor reset"),
    ):
        registry.register_action(f"accounts.{name}", label, message)
