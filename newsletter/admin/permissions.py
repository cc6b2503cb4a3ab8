"""Who may see and do what with the mailing list: newsletter managers and superusers."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Model, QuerySet
from wagtail_modeladmin.helpers import PermissionHelper

from newsletter.models import ConsentWording, Subscriber
from newsletter.service import may_run_again
from newsletter.states import State

MAY_LOOK = "newsletter.view_subscriber"
MAY_ACT = "newsletter.change_subscriber"
MAY_ERASE = "newsletter.delete_subscriber"
MAY_EXPORT = "newsletter.export_subscriber"
MAY_SEND = "newsletter.send_campaign"
MAY_SEE_ISSUES = "newsletter.view_campaign"


class ReadOnlyPermissionHelper(PermissionHelper):
    """Records that are seen by those with the right to view them, and written by nobody."""

    actions: tuple[str, ...] = ("view",)

    def get_all_model_permissions(self) -> QuerySet[Permission]:
        """Only those that mean something, so that others are not offered for groups."""
        names = [f"{action}_{self.opts.model_name}" for action in self.actions]
        return super().get_all_model_permissions().filter(codename__in=names)

    def user_can_list(self, user: Any) -> bool:
        return user.has_perm(f"{self.opts.app_label}.view_{self.opts.model_name}")

    def user_can_inspect_obj(self, user: Any, obj: Model) -> bool:
        return self.user_can_list(user)

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Model) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Model) -> bool:
        return False


class SubscriberPermissionHelper(ReadOnlyPermissionHelper):
    """Subscribers are seen, run again, erased and exported; nobody writes, changes or deletes one by hand.

    Django's names of the rights stand for: `view` to see, `change` to run again and release, `delete` to erase.
    """

    actions = ("view", "change", "delete", "export")

    def user_can_run_again(self, user: Any, obj: Subscriber) -> bool:
        """Whether this user may have this sign-up delivered again."""
        return user.has_perm(MAY_ACT) and may_run_again(obj)

    def user_can_erase(self, user: Any, obj: Subscriber) -> bool:
        """Whether this user may erase this person."""
        return user.has_perm(MAY_ERASE) and obj.state != State.ERASED

    def user_can_download(self, user: Any, obj: Subscriber) -> bool:
        """Whether this user may download what is held on this person."""
        return user.has_perm(MAY_EXPORT) and obj.state != State.ERASED


class CampaignPermissionHelper(ReadOnlyPermissionHelper):
    """Issues are seen by those who may view their sending, and sent by those with the right to send."""

    actions = ("view", "send")

    def user_can_send(self, user: Any) -> bool:
        """Whether this user may test, send, schedule and cancel issues."""
        return user.has_perm(MAY_SEND)


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


class TopicPermissionHelper(PermissionHelper):
    """Topics are seen by those with the right to view them; the rest is Django's own."""

    def user_can_list(self, user: Any) -> bool:
        return user.has_perm("newsletter.view_interest")
