"""A month as the rows of a calendar: whole weeks from Monday, each day with what happens on it."""

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import Self

from django.utils.formats import date_format

from editorial.events import Event

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Years that the calendar shows; beyond, nobody plans.
YEARS = range(2000, 2100)
# How many events a day shows; the rest are behind "and 3 more".
SHOWN = 5


@dataclass(frozen=True)
class Month:
    """A month of a year."""

    year: int
    month: int

    @classmethod
    def of(cls, day: datetime.date) -> Self:
        """The month in which a day lies."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, words: str) -> Self | None:
        """Read "2026-11"; None when that is no month of the years that are shown."""
        found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", words)
        if found is None or int(found[1]) not in YEARS or not 1 <= int(found[2]) <= 12:
            return None
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def name(self) -> str:
        """The month in words: November 2026."""
        return date_format(datetime.date(self.year, self.month, 1), "F Y")

    def moved(self, months: int) -> "Month | None":
        """The month so many months later; None beyond the years that are shown."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1) if year in YEARS else None

    @property
    def weeks(self) -> list[list[datetime.date]]:
        """Its days in whole weeks, with the days of other months that fill them."""
        return calendar.Calendar(calendar.MONDAY).monthdatescalendar(self.year, self.month)


@dataclass(frozen=True)
class Day:
    """A field of the calendar."""

    date: datetime.date
    is_today: bool
    is_of_month: bool
    events: list[Event]

    @property
    def shown(self) -> list[Event]:
        """The events that are seen at once."""
        return self.events[:SHOWN]

    @property
    def more(self) -> list[Event]:
        """The others."""
        return self.events[SHOWN:]


def rows(month: Month, found: list[Event], today: datetime.date) -> list[list[Day]]:
    """The weeks of a month with what happens in them."""
    by_day: dict[datetime.date, list[Event]] = {}
    for event in found:
        by_day.setdefault(event.day, []).append(event)
    return [
        [Day(day, day == today, day.month == month.month, by_day.get(day, [])) for day in week] for week in month.weeks
    ]
