"""Tasks for the tests of the queue."""

from django_tasks import task

ran: list[str] = []


@task(backend="background", queue_name="background")
def note(word: str) -> None:
    """Leave a trace in this process."""
    ran.append(word)


@task(backend="background", queue_name="background")
def fail() -> None:
    """Raise what no one expects."""
    raise RuntimeError("broken")
