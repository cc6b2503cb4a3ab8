"""The app for those who sign in: roles, second factor, limits on tries. Of the project it knows only core."""

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    default = True
    name = "accounts"
    verbose_name = "Accounts"


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's pages for users, with our rule of who may look after whom."""

    user_viewset = "accounts.user_admin.UserViewSet"
