"""Who reaches what: every address of the newsletter's admin, for everybody, as a table."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from newsletter.models import Campaign, ConsentWording, Interest, Reconciliation, Subscriber, WebhookEvent
from tests.newsletter.conftest import EMAIL

pytestmark = pytest.mark.django_db

# Name of the address -> (method, what a newsletter manager and a superuser get). Nobody else gets anything.
S, W, T = (
    "newsletter_subscriber_modeladmin_",
    "newsletter_consentwording_modeladmin_",
    "newsletter_interest_modeladmin_",
)
C = "newsletter_campaign_modeladmin_"
E, R = "newsletter_webhookevent_modeladmin_", "newsletter_reconciliation_modeladmin_"
TABLE = {
    **{f"{S}{action}": ("get", 200) for action in ("index", "inspect", "erase", "release")},
    **{f"{S}{action}": ("post", 302) for action in ("run", "search")},
    **{f"{S}{action}": ("post", 200) for action in ("data", "export")},
    **{f"{W}{action}": ("get", 200) for action in ("index", "create", "edit", "delete", "inspect")},
    f"{W}publish": ("post", 302),
    **{f"{T}{action}": ("get", 200) for action in ("index", "create", "edit", "delete")},
    **{f"{prefix}{action}": ("get", 200) for prefix in (E, R) for action in ("index", "inspect")},
    **{f"{C}{action}": ("get", 200) for action in ("index", "inspect", "email", "text")},
    "newsletter_connection": ("post", 200),
}
ADMIN = "/admin/"


def names_of_addresses() -> set[str]:
    """Every address of the admin that is the newsletter's."""
    found = set()

    def walk(patterns: Any) -> None:
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns)
            elif (pattern.name or "").startswith("newsletter_"):
                found.add(pattern.name)

    walk([part for part in get_resolver().url_patterns if str(part.pattern) == "admin/"])
    return found


@pytest.fixture
def addresses() -> dict[str, str]:
    """An address for each name, of records that exist."""
    from newsletter.models.consent import FALLBACK_WORDING
    from newsletter.service import SignUp, sign_up

    records = {
        S: sign_up(SignUp(email=EMAIL, wording=FALLBACK_WORDING)),
        W: ConsentWording.objects.create(text="Draft"),
        C: Campaign.objects.create(title="An issue"),
        T: Interest.objects.create(label="Systems change"),
        E: WebhookEvent.objects.create(fingerprint="1", kind="unsubscribe", body=f"data[email]={EMAIL}"),
        R: Reconciliation.objects.create(extent="full", finished_at=timezone.now()),
    }
    whole = {"index": "", "create": "create/", "search": "search/", "release": "release/", "export": "export/csv/"}
    made = {"newsletter_connection": f"{ADMIN}newsletter/connection/"}
    for name in TABLE:
        prefix, _, action = name.rpartition("_")
        if prefix + "_" in records:
            model = prefix.split("_")[1]
            tail = whole.get(action, f"{action}/{records[prefix + '_'].pk}/")
            made[name] = f"{ADMIN}newsletter/{model}/{tail}"
    return made


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked(client: Client, name: str, address: str) -> Any:
    return getattr(client, TABLE[name][0])(address)


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_table_knows_every_address() -> None:
    assert names_of_addresses() == set(TABLE)


@pytest.mark.parametrize("is_superuser", [False, True])
def test_a_manager_and_a_superuser_reach_everything(
    manager: Client, admin_user: Any, addresses: dict[str, str], is_superuser: bool
) -> None:
    client = client_of(admin_user) if is_superuser else manager
    for name, address in addresses.items():
        response = asked(client, name, address)
        assert response.status_code == TABLE[name][1], name
        assert response.headers.get("Location", "").split("?")[0] not in (ADMIN, "/admin/login/"), name


@pytest.mark.parametrize("group", ["Editor", "Publisher", None])
def test_others_who_may_log_in_reach_nothing(
    addresses: dict[str, str], group: str | None, django_user_model: Any
) -> None:
    from django.contrib.auth.models import Permission

    user = django_user_model._default_manager.create_user("somebody", password="a long password for tests")
    if group:
        user.groups.add(Group.objects.get(name=group))
    else:
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = client_of(user)
    # A record that does not exist is answered the same: nobody learns which there are.
    of_nothing = {f"{name} of nothing": re.sub(r"/\d+/$", "/4711/", address) for name, address in addresses.items()}
    for name, address in (addresses | of_nothing).items():
        response = asked(client, name.removesuffix(" of nothing"), address)
        assert (response.status_code, response.headers.get("Location")) == (302, ADMIN), name
        assert EMAIL.encode() not in body_of(response)
    assert b"Newsletter" not in client.get(ADMIN).content.replace(b"Newsletter page", b"")
    assert Subscriber.objects.get().state == "waiting"


def test_strangers_are_sent_to_the_login(client: Client, addresses: dict[str, str]) -> None:
    for name, address in addresses.items():
        response = asked(client, name, address)
        assert (response.status_code, response.url.split("?")[0]) == (302, "/admin/login/"), name


@pytest.mark.parametrize("name", [name for name, (method, _) in TABLE.items() if method == "post"])
def test_what_acts_takes_a_token(manager: Client, addresses: dict[str, str], name: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = manager.cookies
    assert strict.post(addresses[name]).status_code == 403


def test_the_group_holds_these_rights_and_no_others() -> None:
    group = Group.objects.get(name="Newsletter manager")
    ours = group.permissions.filter(content_type__app_label__in=("newsletter", "wagtailadmin"))
    assert set(ours.values_list("codename", flat=True)) == {
        "access_admin",
        *(f"{action}_subscriber" for action in ("view", "change", "delete", "export")),
        *(f"{action}_consentwording" for action in ("view", "add", "change", "delete")),
        *(f"{action}_interest" for action in ("view", "add", "change", "delete")),
        *(f"{action}_campaign" for action in ("view", "send")),
        "view_webhookevent",
        "view_reconciliation",
    }


def test_the_rights_can_be_given_to_groups_in_the_settings() -> None:
    """Wagtail's page for groups offers what means something, and nothing else."""
    from wagtail.admin.wagtail_hooks import hooks

    offered = {
        permission.codename
        for hook in hooks.get_hooks("register_permissions")
        for permission in hook()
        if permission.content_type.app_label == "newsletter"
    }
    assert {"view_subscriber", "export_subscriber", "view_webhookevent", "add_interest", "send_campaign"} <= offered
    assert not offered & {"add_subscriber", "change_campaign", "change_webhookevent", "delete_reconciliation"}
