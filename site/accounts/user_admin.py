"""Wagtail's pages for users, where a site manager looks after people without becoming an administrator.

Wagtail asks only for the right to change users. With that alone anybody could make themselves an administrator, or set
an administrator's password.
"""

from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views import bulk_actions, users

from accounts.roles import ROLES, may_give_roles, may_look_after


def groups_to_give(actor: Any) -> QuerySet[Group]:
    """The groups that a person may put others into."""
    return Group.objects.all() if actor.is_superuser else Group.objects.filter(name__in=ROLES)


class _LimitedRights:
    """Of a form: what the actor may not give is shown, but cannot be changed.

    Args:
        actor: who fills in the form.
    """

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if actor.is_superuser:
            return
        form: Any = self
        form.fields["groups"].queryset = groups_to_give(actor)
        if "is_superuser" in form.fields:
            form.fields["is_superuser"].disabled = True
            form.fields["is_superuser"].help_text = "Only an administrator can make another."
        if not may_give_roles(actor, form.instance):
            form.fields["groups"].disabled = True
            form.fields["groups"].help_text = "Ask somebody else to change your own roles."
            form.initial["groups"] = list(form.instance.groups.values_list("pk", flat=True))


class CreateForm(_LimitedRights, UserCreationForm):
    """A new user."""


class EditForm(_LimitedRights, UserEditForm):
    """A user's account."""


class _KnowsActor:
    """Of a view: tells its form who fills it in."""

    def get_form_kwargs(self) -> dict[str, Any]:
        view: Any = self
        return super().get_form_kwargs() | {"actor": view.request.user}  # ty: ignore[missing-attribute]


class CreateView(_KnowsActor, users.CreateView):
    """Adds a user."""


class EditView(_KnowsActor, users.EditView):
    """Changes a user's account."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not may_look_after(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class DeleteView(users.DeleteView):
    """Deletes a user."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not may_look_after(request.user, self.get_object()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class UserViewSet(users.UserViewSet):
    """The pages for users. None copies a user: that would copy roles as well."""

    copy_view_enabled = False
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView

    def get_form_class(self, for_update: bool = False) -> type:
        return EditForm if for_update else CreateForm


class _LimitedReach:
    """Of an action on many users: leaves out those whom the actor may not look after."""

    def check_perm(self, obj: Any) -> bool:
        action: Any = self
        return super().check_perm(obj) and may_look_after(action.request.user, obj)  # ty: ignore[missing-attribute]


class DeleteAction(_LimitedReach, bulk_actions.DeleteBulkAction):  # ty: ignore[lost-keyword-for-regular-parameter]
    """Deletes several users."""


class SetActiveStateAction(_LimitedReach, bulk_actions.SetActiveStateBulkAction):
    """Enables or disables several users."""


class AssignRoleAction(_LimitedReach, bulk_actions.AssignRoleBulkAction):
    """Puts several users into a group."""

    def check_perm(self, obj: Any) -> bool:
        return super().check_perm(obj) and may_give_roles(self.request.user, obj)

    def get_form(self, form_class: Any = None) -> Any:
        form: Any = super().get_form(form_class)
        form.fields["role"].queryset = groups_to_give(self.request.user)
        return form


ACTIONS = (DeleteAction, SetActiveStateAction, AssignRoleAction)
