"""The app for those who sign in: roles, second factor, limits on tries. Of the project it knows only core."""

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    default = True
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from wagtail.admin.views.account import AvatarSettingsPanel

        from accounts.forms import AvatarForm

        # Wagtail's own would unpack a picture of any size.
        AvatarSettingsPanel.form_class = AvatarForm  # ty: ignore[invalid-assignment]


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's pages for users, with our rule of who may look after whom."""

    user_viewset = "accounts.user_admin.UserViewSet"
