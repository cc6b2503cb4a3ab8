"""What apps have to say about copies of the database. Imports nothing, as it is read when apps are loaded."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CopyRule:
    """What an app changes in every copy of the database: an AppConfig lists its own in `copy_rules`.

    Attributes:
        sql: statements that SQLite and PostgreSQL understand. `{moment}` is when the copy was made, quoted, in UTC.
        told: what somebody who has brought a copy back should know.
        otherwise: the same, for a copy of a database that is older than the statements.
    """

    sql: tuple[str, ...]
    told: str
    otherwise: str
