"""The roles: four groups, made by migrations with their rights, and who may look after whose account."""

from typing import Any

EDITOR = "Editor"
PUBLISHER = "Publisher"
NEWSLETTER_MANAGER = "Newsletter manager"
SITE_MANAGER = "Site manager"
ROLES = (EDITOR, PUBLISHER, NEWSLETTER_MANAGER, SITE_MANAGER)


def may_look_after(actor: Any, subject: Any) -> bool:
    """Whether a person may change another's account, as far as the account goes that is changed.

    Whoever sets somebody's password can be that person. So an administrator's account, and one with rights beyond the
    four roles, is changed by administrators only. One that is being added has no rights yet. That the actor may change
    users at all is asked elsewhere.
    """
    if actor.is_superuser or subject.pk is None:
        return True
    if subject.is_superuser or subject.user_permissions.exists():
        return False
    return not subject.groups.exclude(name__in=ROLES).exists()


def may_give_roles(actor: Any, subject: Any) -> bool:
    """Whether a person may give or take another's roles: nobody but an administrator changes their own."""
    return actor.is_superuser or (actor.pk != subject.pk and may_look_after(actor, subject))
