"""Signing in with a password, and asking for a new one: Wagtail's own views, with what ours adds."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.admin.views import account

from accounts import second_factor, throttling
from accounts.tasks import send_password_reset


class LoginView(account.LoginView):
    """Leads on to the second factor where one is wanted, with the address that was asked for."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if second_factor.is_missing(request.half_signed_in):  # ty: ignore[missing-attribute]
            return redirect(self._second_step())
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        user = form.get_user()
        # Whether this session is verified already shows in the next request, which then leads on at once.
        user.is_verified = lambda: False
        return redirect(self._second_step()) if second_factor.is_missing(user) else answer

    def _second_step(self) -> str:
        return f"{reverse('second_factor')}?{urlencode({'next': self.get_success_url()})}"


class PasswordResetView(account.PasswordResetView):
    """Answers the same, and as soon, whether anybody has the address; few messages an hour go to one address."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if throttling.asks_too_often(request):
            return throttling.too_many(request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        email = form.cleaned_data["email"]
        if throttling.may_send(throttling.trace_reset(self.request, email)):
            send_password_reset.enqueue(email)
        return redirect(self.get_success_url())
