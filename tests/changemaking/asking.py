"""Asking the explorer as a reader does."""

from typing import Any

from tests.html import parse, problems

ADDRESS = "/art-of-change-making/"


def ask(client: Any, status: int = 200, **arguments: str) -> Any:
    """The explorer's answer, as a document."""
    query = {name.rstrip("_"): value for name, value in arguments.items()}
    response = client.get(ADDRESS, query)
    assert response.status_code == status
    html = response.content.decode()
    assert problems(html) == []
    return parse(html)


def words(element: Any) -> str:
    return " ".join(element.get_text(" ", strip=True).split())
