"""Addresses of signing in, under admin/ and before Wagtail's: some take the place of Wagtail's own."""

from django.urls import path
from django.views.decorators.cache import never_cache

from accounts import views
from accounts.login import LoginView, PasswordResetView

urlpatterns = [
    path("login/", never_cache(LoginView.as_view()), name="wagtailadmin_login"),
    path("password_reset/", never_cache(PasswordResetView.as_view()), name="wagtailadmin_password_reset"),
    path("second-factor/", views.verify, name="second_factor"),
    path("second-factor/set-up/", views.set_up, name="second_factor_set_up"),
]
