"""Who may see and do what with the mailing list: newsletter managers and superusers."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail_modeladmin.helpers import PermissionHelper

from newsletter.models import ConsentWording, Subscriber
from newsletter.service import may_run_again


class SubscriberPermissionHelper(PermissionHelper):
    """Subscribers are seen and run again; nobody writes, changes or deletes one by hand."""

    def get_all_model_permissions(self) -> QuerySet[Permission]:
        """Only those that mean something, so that others are not offered for groups."""
        return super().get_all_model_permissions().filter(codename__in=("view_subscriber", "change_subscriber"))

    def user_can_list(self, user: Any) -> bool:
        return user.has_perm("newsletter.view_subscriber")

    def user_can_inspect_obj(self, user: Any, obj: Subscriber) -> bool:
        return self.user_can_list(user)

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Subscriber) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Subscriber) -> bool:
        return False

    def user_can_run_again(self, user: Any, obj: Subscriber) -> bool:
        """Whether this user may have this sign-up delivered again."""
        return user.has_perm("newsletter.change_subscriber") and may_run_again(obj)


class WordingPermissionHelper(PermissionHelper):
    """A draft can be edited, published and deleted; a published wording can only be read."""

    def user_can_list(self, user: Any) -> bool:
        return user.has_perm("newsletter.view_consentwording")

    def user_can_inspect_obj(self, user: Any, obj: ConsentWording) -> bool:
        return self.user_can_list(user)

    def user_can_edit_obj(self, user: Any, obj: ConsentWording) -> bool:
        return not obj.is_published and super().user_can_edit_obj(user, obj)

    def user_can_delete_obj(self, user: Any, obj: ConsentWording) -> bool:
        return not obj.is_published and super().user_can_delete_obj(user, obj)

    def user_can_publish(self, user: Any, obj: ConsentWording) -> bool:
        """Whether this user may make this draft the wording of every form."""
        return self.user_can_edit_obj(user, obj)
