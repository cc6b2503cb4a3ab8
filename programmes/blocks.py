"""Blocks that only programmes and case stories have."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

from core.structured_data import thing


class FigureOutcomeValue(blocks.StructValue):
    """An outcome in figures."""

    @property
    def amount(self) -> str:
        """Figure and unit as they are read: `23 interviews`, `18%`."""
        figure, unit = self.get("figure") or "", self.get("unit") or ""
        return f"{figure}{'' if unit in ('%', '') else ' '}{unit}"


class FigureOutcomeBlock(blocks.StructBlock):
    """A figure that changed, what it measures, and where that is written."""

    figure = blocks.CharBlock(max_length=20, help_text="The figure alone, for example 18 or £1.2m")
    unit = blocks.CharBlock(
        required=False, max_length=30, help_text="For example: % or places. Leave empty if it has none."
    )
    measure = blocks.CharBlock(max_length=200, help_text="What it measures, for example: fewer A&E attendances")
    source = blocks.CharBlock(
        max_length=200, help_text="Where the figure comes from. A reader must be able to check it."
    )
    date = blocks.CharBlock(required=False, max_length=40, help_text="When it was measured, for example: October 2015")

    class Meta:
        icon = "order"
        label = "Outcome as a figure"
        group = "Outcomes"
        value_class = FigureOutcomeValue
        description = "A figure, what it measures, its source and date. The first three are shown large."
        preview_value = {
            "figure": "23",
            "unit": "interviews",
            "measure": "in the learning history",
            "source": "Learning history of the programme",
            "date": "2015",
        }
        preview_template = "components/blocks/outcome_preview.html"


class SentenceOutcomeBlock(blocks.StructBlock):
    """An outcome that no figure says."""

    sentence = blocks.TextBlock(
        max_length=400, help_text="What is different now, for example: The services share one budget."
    )
    source = blocks.CharBlock(required=False, max_length=200, help_text="Where this is written, or who says so.")
    date = blocks.CharBlock(required=False, max_length=40, help_text="When, for example: October 2015")

    class Meta:
        icon = "pilcrow"
        label = "Outcome as a sentence"
        group = "Outcomes"
        description = "What is different now, where no figure says it."
        preview_value = {
            "sentence": "A new shared understanding of how to work together.",
            "source": "What the Health and Wellbeing Board reported",
            "date": "",
        }
        preview_template = "components/blocks/outcome_preview.html"


class OutcomesBlock(blocks.StreamBlock):
    """What changed, in figures and in sentences."""

    figure = FigureOutcomeBlock()
    sentence = SentenceOutcomeBlock()

    class Meta:
        required = False


class PartnerBlock(blocks.CharBlock):
    """The name of an organisation that took part."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_length": 160} | kwargs))

    def clean(self, value: Any) -> Any:
        """Refuse a list of names in one field: each partner has its own.

        Raises:
            ValidationError: when the name holds a semicolon.
        """
        value = super().clean(value)
        if ";" in value:
            raise ValidationError("Write one partner here and add the others below.")
        return value

    class Meta:
        icon = "group"
        label = "Partner"
        group = "Organisations"
        description = "One organisation that took part."
        preview_value = "The county council"


class DateValue(blocks.StructValue):
    """A day or several days."""

    def as_course_instance(self, course: str) -> dict[str, Any]:
        """The date for search engines (https://schema.org/CourseInstance).

        Args:
            course: the name of what it is a date of.
        """
        first, place = self["starts_on"], self.get("place")
        return thing(
            "CourseInstance",
            name=f"{course}: {self['title']}",
            startDate=first.isoformat(),
            endDate=(self.get("ends_on") or first).isoformat(),
            location=thing("Place", name=place, address=place) if place else None,
        )


class DateBlock(blocks.StructBlock):
    """A day or several days of a programme, for the page and for readers' calendars."""

    title = blocks.CharBlock(max_length=120, help_text="What happens, for example: First residential")
    starts_on = blocks.DateBlock(label="First day", help_text="In London, for example: 01/03/2027")
    ends_on = blocks.DateBlock(required=False, label="Last day", help_text="Leave empty when it is one day.")
    place = blocks.CharBlock(required=False, max_length=160, help_text="For example: Boston, USA")

    def clean(self, value: Any) -> Any:
        """Refuse an end before the beginning.

        Raises:
            ValidationError: when the last day lies before the first.
        """
        value = super().clean(value)
        first, last = value.get("starts_on"), value.get("ends_on")  # in a draft either may be missing
        if first and last and last < first:
            error = ValidationError("The last day lies before the first.")
            raise blocks.StructBlockValidationError(block_errors={"ends_on": error})
        return value

    class Meta:
        icon = "date"
        label = "Date"
        value_class = DateValue
        group = "Dates"
        description = "A day or several days, shown on the page and offered to readers' calendars."
        preview_value = {
            "title": "First residential",
            "starts_on": "2027-03-01",
            "ends_on": "2027-03-03",
            "place": "Boston, USA",
        }
        preview_template = "components/blocks/date_preview.html"
