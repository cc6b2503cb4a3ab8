"""The pages of the second factor."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.log_actions import log

from accounts import second_factor
from accounts.forms import CodeForm
from accounts.roles import may_look_after

ASK_FOR_CODE = "The six digits that your app shows, or one of your recovery codes."
View = Callable[..., HttpResponse]


def for_the_signed_in(view: View) -> View:
    """Let in whoever has given a password; hand the person to the view. Others sign in first."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        user = request.half_signed_in  # ty: ignore[missing-attribute]
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("wagtailadmin_login"))
        return view(request, user)

    return never_cache(sensitive_post_parameters()(require_http_methods(["GET", "POST"])(checked)))


def where_to(request: HttpRequest) -> str:
    """The address that was asked for before signing in, when it is one of ours; the first page otherwise."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours else reverse("wagtailadmin_home")


def code_form(request: HttpRequest, look: Callable[[str], Any], help_text: str = "") -> CodeForm:
    """The form for a code; bound when one was sent."""
    return CodeForm(request.POST if request.method == "POST" else None, look=look, help_text=help_text)


@for_the_signed_in
def verify(request: HttpRequest, user: Any) -> HttpResponse:
    """Ask for the second factor, the last step of signing in."""
    if not second_factor.is_missing(user):
        return redirect(where_to(request))
    if not second_factor.has_app(user):
        return redirect("second_factor_set_up")
    form = code_form(request, lambda code: second_factor.verify(user, code), ASK_FOR_CODE)
    if form.is_valid():
        second_factor.mark_verified(request, user, form.found)
        return redirect(where_to(request))
    return render(request, "accounts/verify.html", {"form": form, "next": where_to(request)})


@for_the_signed_in
def set_up(request: HttpRequest, user: Any) -> HttpResponse:
    """Set up an app that makes codes, or another in its place; ends with the recovery codes, shown this once."""
    if second_factor.has_app(user) and not user.is_verified():
        return redirect("second_factor")
    device = second_factor.begin(user)
    form = code_form(request, lambda code: second_factor.complete(user, device, code), "The six digits that it shows.")
    if form.is_valid():
        device.refresh_from_db()
        second_factor.mark_verified(request, user, device)
        log(instance=user, action="accounts.set_up_second_factor", user=user)
        return show_codes(request, form.found)
    told = {"form": form, "device": device, "required": settings.SECOND_FACTOR_REQUIRED}
    told |= {"picture": second_factor.picture_for_app(device), "key": second_factor.key_for_app(device)}
    return render(request, "accounts/set_up.html", told)


def show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Show recovery codes, which nothing can show again."""
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


@require_http_methods(["GET", "POST"])
def manage(request: HttpRequest) -> HttpResponse:
    """A person's own second factor: how it stands, new recovery codes, another app, and turning it off."""
    user = request.user
    form = code_form(request, lambda code: second_factor.verify(user, code), ASK_FOR_CODE)
    if form.is_valid():
        if request.POST.get("do") == "turn-off" and not settings.SECOND_FACTOR_REQUIRED:
            second_factor.turn_off(user)
            log(instance=user, action="accounts.turn_off_second_factor", user=user)
            messages.success(request, "The second factor is off.")
            return redirect("second_factor_manage")
        log(instance=user, action="accounts.renew_recovery_codes", user=user)
        return show_codes(request, second_factor.renew_codes(user))
    told = {"form": form, "is_on": second_factor.has_app(user), "codes_left": second_factor.codes_left(user)}
    return render(request, "accounts/manage.html", told | {"required": settings.SECOND_FACTOR_REQUIRED})


@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """For those who look after users: let a person in again whose telephone and recovery codes are lost.

    Raises:
        PermissionDenied: this person may not change that account.
    """
    if not request.user.has_perm("core.change_user"):
        raise PermissionDenied
    subject = get_object_or_404(get_user_model(), pk=pk)
    if not may_look_after(request.user, subject) or subject == request.user:
        raise PermissionDenied
    if request.method == "POST":
        second_factor.reset(subject)
        log(instance=subject, action="accounts.reset_second_factor", user=request.user)
        messages.success(request, f"{subject.get_username()} can sign in with the password and set up an app anew.")
        return redirect("wagtailusers_users:edit", subject.pk)
    return render(request, "accounts/reset.html", {"subject": subject})
