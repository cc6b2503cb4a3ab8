"""E-mail addresses: how they are compared and which ones are accepted."""

import re

MAX_LENGTH = 254  # RFC 5321, and the limit of Mailchimp's field
# What browsers accept in `type=email` (HTML, "valid e-mail address"), with a dot required in the domain.
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?=[^.]*[A-Za-z]){_LABEL}")
_MAX_LOCAL_PART = 64


def normalise(email: str) -> str:
    """The form in which two addresses are the same: trimmed and in lower case, as Mailchimp compares them."""
    return email.strip().lower()


def accepted(email: str) -> str | None:
    """Return the address ready to send to, or None when Mailchimp would not take it.

    One @, a dot in the domain, no spaces, plain letters before the @. A domain in another script is turned
    into its ASCII form, since Mailchimp takes no other.
    """
    local_part, at, domain = email.partition("@")
    if not at or len(local_part) > _MAX_LOCAL_PART or not _LOCAL_PART.fullmatch(local_part):
        return None
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    whole = f"{local_part}@{domain}"
    return whole if _DOMAIN.fullmatch(domain) and len(whole) <= MAX_LENGTH else None
