"""Everybody reaches what the committed matrix says, and nothing else; a new address has to be put into it."""

import pytest

from accounts.roles import EDITOR, NEWSLETTER_MANAGER, PUBLISHER, SITE_MANAGER
from tests.conftest import Tree
from tests.roles.addresses import routes
from tests.roles.asking import ALLOWED, ERROR, HEADER, NO_SUCH_METHOD, REFUSED, TO_LOGIN, Rows, make_rows, read
from tests.roles.samples import ANONYMOUS, NO_RIGHTS, SUPERUSER

CHANGED = "Look at what differs; when it is meant, write the matrix with `python -m tests.roles` and commit it."


def column(row: list[str], name: str) -> str:
    return row[HEADER.index(name)]


def rows_of(part: str, method: str = "GET") -> Rows:
    found = [row for row in read() if part in row[1] and row[0] == method]
    assert found, part
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_matrix_is_what_the_site_answers(tree: Tree, method: str) -> None:
    committed = {(row[0], row[1]): row for row in read() if row[0] == method}
    answered = {(row[0], row[1]): row for row in make_rows(tree, method)}
    assert set(answered) == set(committed), CHANGED
    different = {key: (row, committed[key]) for key, row in answered.items() if row != committed[key]}
    assert not different, f"{different}\n{CHANGED}"


def test_every_address_of_the_url_configuration_has_a_row() -> None:
    listed = [row[1] for row in read()]
    missing = [route.pattern for route in routes() if not any(line.startswith(route.pattern) for line in listed)]
    assert not missing, CHANGED


def test_strangers_get_the_login_and_what_belongs_to_it() -> None:
    open_to_all = {row[1] for row in read() if column(row, ANONYMOUS) == ALLOWED}
    assert open_to_all == {
        *("admin/login/", "admin/sprite/", "admin/jsi18n/"),
        *("admin/password_reset/", "admin/password_reset/done/", "admin/password_reset/complete/"),
        "admin/password_reset/confirm/<uidb64>/<token>/",
    }


def test_without_rights_one_gets_no_further_than_a_stranger() -> None:
    further = {row[1] for row in read() if column(row, NO_RIGHTS) not in (TO_LOGIN, REFUSED)}
    strangers = {row[1] for row in read() if column(row, ANONYMOUS) not in (TO_LOGIN, REFUSED)}
    assert further - strangers == {"admin/second-factor/", "admin/second-factor/set-up/"}


def test_nobody_is_let_in_where_an_administrator_is_not() -> None:
    for row in read():
        if column(row, SUPERUSER) == REFUSED:
            assert ALLOWED not in row, row


@pytest.mark.parametrize(
    ("part", "who"),
    [
        ("admin/newsletter/subscriber/", {NEWSLETTER_MANAGER}),
        ("admin/groups/", set()),
        ("admin/sites/", set()),
        ("admin/users/edit/", {SITE_MANAGER}),
        ("admin/settings/", {SITE_MANAGER}),
        ("admin/redirects/", {SITE_MANAGER}),
        ("admin/pages/<int:page_id>/unpublish/", {PUBLISHER, SITE_MANAGER}),
        ("admin/pages/<int:page_to_move_id>/move/", {PUBLISHER, SITE_MANAGER}),
        ("admin/pages/<int:page_id>/edit/", {EDITOR, PUBLISHER, SITE_MANAGER}),
        ("action/<str:action_name>/ publish", {PUBLISHER, SITE_MANAGER}),
    ],
)
def test_the_roles_are_what_they_are_called(part: str, who: set[str]) -> None:
    method = "POST" if "action" in part or "move" in part else "GET"
    for row in rows_of(part, method):
        allowed = {
            role
            for role in (EDITOR, PUBLISHER, NEWSLETTER_MANAGER, SITE_MANAGER)
            if column(row, role) not in (REFUSED, TO_LOGIN, NO_SUCH_METHOD)
        }
        assert allowed <= who, row
        assert allowed or "preview" in row[1] or not who, row


def test_no_view_of_the_admin_fails_for_want_of_what_was_not_sent() -> None:
    assert not [row for row in read() if ERROR in row]
