"""The audience's merge fields: which there are, and what a value must look like."""

import re
from dataclasses import dataclass, field
from typing import Any

from .problems import Problem, invalid_fields, invalid_merge_fields

TYPES = (
    "text", "number", "address", "phone", "date", "url", "imageurl", "radio", "dropdown", "birthday", "zip",
)  # fmt: skip

#: Mailchimp cuts a text value at this many bytes, without an error.
MOST_BYTES = 255
LONGEST_TAG = 10
ADDRESS_PARTS = ("addr1", "city", "state", "zip")

BLANK = "Please enter a value"


@dataclass
class MergeField:
    """A column of the audience; `choices` is for the types radio and dropdown."""

    merge_id: int
    tag: str
    name: str
    type: str = "text"
    required: bool = False
    public: bool = True
    default_value: str = ""
    choices: list[str] = field(default_factory=list)

    def document(self, list_id: str) -> dict[str, Any]:
        return {
            "merge_id": self.merge_id,
            "tag": self.tag,
            "name": self.name,
            "type": self.type,
            "required": self.required,
            "default_value": self.default_value,
            "public": self.public,
            "display_order": self.merge_id + 1,
            "options": {"choices": self.choices} if self.choices else {"size": 25},
            "help_text": "",
            "list_id": list_id,
        }

    def clean(self, value: Any) -> Any:
        """The value as stored. Raises ValueError, with the message for the visitor, when it is refused."""
        if value in ("", None):
            return ""
        if self.type == "address":
            return clean_address(value)
        if isinstance(value, dict | list):
            raise ValueError("This value should be a string")
        if self.type == "number":
            return clean_number(value)
        text = cut(str(value))
        self._check_form(text)
        return text

    def _check_form(self, text: str) -> None:
        if self.type == "birthday" and not re.fullmatch(r"(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])", text):
            raise ValueError("Please enter a month (01-12) and a day (01-31)")
        if self.type == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d.*|\d{1,2}/\d{1,2}/\d{4}", text):
            raise ValueError("Please enter the date")
        if self.type in ("radio", "dropdown") and text not in self.choices:
            raise ValueError("Value must be one of: " + ", ".join(self.choices))


def default_merge_fields() -> list[MergeField]:
    """The fields of a new audience."""
    return [
        MergeField(1, "FNAME", "First Name"),
        MergeField(2, "LNAME", "Last Name"),
        MergeField(3, "ADDRESS", "Address", type="address"),
        MergeField(4, "PHONE", "Phone Number", type="phone"),
    ]


def cut(text: str) -> str:
    """At most 255 bytes of UTF-8, never half a character."""
    return text.encode()[:MOST_BYTES].decode(errors="ignore")


def clean_address(value: Any) -> Any:
    if isinstance(value, str):
        return cut(value)
    if not isinstance(value, dict) or any(not value.get(part) for part in ADDRESS_PARTS):
        raise ValueError("Please enter a complete address")
    return {key: cut(str(part)) for key, part in value.items()}


def clean_number(value: Any) -> float | int:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError("This value should be a number") from None
    return int(number) if number.is_integer() else number


def merged(
    fields: list[MergeField], current: dict[str, Any], given: dict[str, Any], *, skip_required: bool
) -> dict[str, Any]:
    """The contact's values after `given`: unknown tags are ignored, others keep what they had.

    Raises Problem when a value is refused or, unless `skip_required`, a required field stays empty.
    """
    given = {tag.upper(): value for tag, value in given.items()}
    values, errors = {}, []
    for column in fields:
        try:
            values[column.tag] = column.clean(given.get(column.tag, current.get(column.tag, "")))
        except ValueError as refusal:
            errors.append((column.tag, str(refusal)))
            continue
        if column.required and not skip_required and values[column.tag] == "":
            errors.append((column.tag, BLANK))
    if errors:
        raise invalid_merge_fields(errors)
    return values


def add_merge_field(fields: list[MergeField], body: dict[str, Any]) -> MergeField:
    """POST merge-fields: adds the field to `fields`. Raises Problem."""
    name, kind = body.get("name"), body.get("type")
    if not isinstance(name, str) or not name.strip():
        raise invalid_fields(("name", "This value should not be blank."))
    if kind not in TYPES:
        raise invalid_fields(("type", "Data presented is not one of the accepted values: " + ", ".join(TYPES)))
    tag = str(body.get("tag") or re.sub(r"\W", "", name)[:LONGEST_TAG]).upper()
    check_tag(fields, tag)
    column = MergeField(max((f.merge_id for f in fields), default=0) + 1, tag, name, kind)
    change_merge_field(column, {key: value for key, value in body.items() if key not in ("tag", "type")})
    fields.append(column)
    return column


def check_tag(fields: list[MergeField], tag: str) -> None:
    if not re.fullmatch(rf"[A-Z0-9_]{{1,{LONGEST_TAG}}}", tag):
        raise invalid_fields(("tag", f"Merge tags are up to {LONGEST_TAG} letters, digits or underscores."))
    if any(column.tag == tag for column in fields):
        raise Problem("Invalid Resource", f'A Merge Field with the tag "{tag}" already exists for this list.')


def change_merge_field(column: MergeField, body: dict[str, Any]) -> None:
    """Sets name, tag, required, public, default_value and choices from a POST or PATCH body."""
    for name in ("name", "default_value"):
        if name in body:
            setattr(column, name, str(body[name]))
    for name in ("required", "public"):
        if name in body:
            setattr(column, name, bool(body[name]))
    if body.get("tag"):
        column.tag = str(body["tag"]).upper()
    if isinstance(body.get("options"), dict):
        column.choices = [str(choice) for choice in body["options"].get("choices", [])]
