"""Model fields of our own."""

from typing import Any

from wagtail import fields


class StreamField(fields.StreamField):
    """A StreamField whose blocks stay out of migrations: they do not change the database column.

    Without this every new help text in a block makes a migration of hundreds of lines.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*(args or [[]]), **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _, kwargs = super().deconstruct()
        for option in ("block_lookup", "min_num", "max_num", "block_counts", "collapsed"):
            kwargs.pop(option, None)
        return name, path, [], kwargs
