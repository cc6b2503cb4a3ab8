"""Reading the environment: each helper returns a value or raises one clear line.

`ImproperlyConfigured` carries a sentence that names the variable, what is wrong with it and an example;
`manage.py` and `gunicorn.conf.py` print it without a traceback.
"""

import re
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

Value = TypeVar("Value")

# A host's name or address, as far as a slip of the hand is concerned: no spaces, no commas.
_HOST = re.compile(r"[\w.:-]+")
# The schemes of a PostgreSQL database's address.
POSTGRESQL = ("postgres", "postgresql")
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")


def site_url(value: str) -> SplitResult:
    """Check the public address of the site: scheme and host, without path or query.

    Raises:
        ImproperlyConfigured: when it is not an http or https address of a host.
    """
    try:
        address = urlsplit(value)
        valid = (
            address.scheme in ("http", "https")
            and (address.port or 1)
            and _HOST.fullmatch(address.hostname or "")
            and "@" not in address.netloc
            and not (address.path.strip("/") or address.query or address.fragment)
        )
    except ValueError:
        valid = False
    if not valid:
        raise ImproperlyConfigured(
            f"SITE_URL is {value!r}; it must be the site's own address, like https://www.example.org"
        )
    return address


def readable(name: str, read: Callable[[], Value], example: str) -> Value:
    """Read a variable whose grammar a library knows. Its value is not repeated: it may hold a password.

    Args:
        read: reads it, and raises ValueError or ImproperlyConfigured when it cannot.
        example: what a right value looks like.

    Raises:
        ImproperlyConfigured: when it cannot be read.
    """
    try:
        return read()
    except (ValueError, ImproperlyConfigured):
        raise ImproperlyConfigured(f"{name} cannot be read; it must look like {example}") from None


def writable_folder(name: str, value: str | Path) -> Path:
    """Make a folder for data if it is missing, and see that files can be made in it.

    Raises:
        ImproperlyConfigured: when it cannot be used.
    """
    folder = Path(value).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise ImproperlyConfigured(f"{name} is {str(folder)!r}, which cannot be written: {error.strerror}") from error
    return folder


def kept_secret(folder: Path) -> str:
    """Give the secret key kept in a data folder, making it the first time (readable by its owner only)."""
    path = folder / "secret_key"
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(f"SECRET_KEY is not set, and {path} cannot be written: {error.strerror}") from error
    return path.read_text().strip()


def whole_number(name: str, value: str, minimum: int = 0) -> int:
    """Read a whole number of at least `minimum`.

    Raises:
        ImproperlyConfigured: when it is not one.
    """
    if not value.strip().isdecimal() or int(value) < minimum:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number of at least {minimum}")
    return int(value)


def passphrase(name: str, value: str, shortest: int = 20) -> str:
    """Read a secret that others may try to guess at leisure; empty when there is none. Its value is not repeated.

    Raises:
        ImproperlyConfigured: when it is too short.
    """
    if value and len(value) < shortest:
        raise ImproperlyConfigured(f"{name} is too short: it must have at least {shortest} characters")
    return value


def yes_or_no(name: str, value: str) -> bool:
    """Read a switch: true/false, yes/no, on/off or 1/0.

    Raises:
        ImproperlyConfigured: when it is none of these.
    """
    words = {
        "true": True,
        "yes": True,
        "on": True,
        "1": True,
        "false": False,
        "no": False,
        "off": False,
        "0": False,
    }
    try:
        return words[value.strip().lower()]
    except KeyError:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be true or false") from None


def frontend_cache(name: str, value: str) -> dict[str, dict[str, str]]:
    """Read what stands in front of the site into Wagtail's form; empty when nothing does.

    Raises:
        ImproperlyConfigured: when it is of no kind that is known. Its value is not repeated: it may hold a token.
    """
    if not value:
        return {}
    backends = "wagtail.contrib.frontend_cache.backends"
    try:
        address = urlsplit(value)
        host, token = address.hostname, address.password
    except ValueError:
        address, host, token = urlsplit(""), None, None
    if address.scheme in ("http", "https") and host:
        return {"cache": {"BACKEND": f"{backends}.HTTPBackend", "LOCATION": value}}
    if address.scheme == "cloudflare" and host and token:
        return {"cdn": {"BACKEND": f"{backends}.CloudflareBackend", "ZONEID": host, "BEARER_TOKEN": unquote(token)}}
    raise ImproperlyConfigured(
        f"{name} cannot be read; it must look like http://10.0.0.5:6081 or cloudflare://token:TOKEN@ZONE-ID"
    )


def media_store(name: str, value: str) -> dict[str, str | None]:
    """Read the address of a bucket in an S3-compatible store; empty when there is none.

    Returns:
        Options of django-storages: endpoint, bucket, folder in it (`location`), region, and the pair of keys, which
        are None when the machine has them from elsewhere (a role, or AWS's own variables).

    Raises:
        ImproperlyConfigured: it cannot be read. Its value is not repeated: it may hold a secret.
    """
    try:
        return _bucket(urlsplit(value)) if value else {}
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} cannot be read; it must look like s3://KEY:SECRET@s3.eu-west-2.amazonaws.com/bucket?region=eu-west-2"
        ) from None


def _bucket(address: SplitResult) -> dict[str, str | None]:
    """Take the address of a bucket apart.

    Raises:
        ValueError: it is none.
    """
    bucket, _, folder = unquote(address.path).strip("/").partition("/")
    said = dict(parse_qsl(address.query, keep_blank_values=True, strict_parsing=bool(address.query)))
    keys = [unquote(part) if part else None for part in (address.username, address.password)]
    valid = (
        address.scheme in ("s3", "s3+http")
        and _HOST.fullmatch(address.hostname or "")
        and (address.port or 1)
        and re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket)
        and ".." not in folder.split("/")
        and all(keys) == any(keys)
        and not (said.keys() - {"region"} or address.fragment)
    )
    if not valid:
        raise ValueError
    return {
        "endpoint_url": f"{'http' if address.scheme == 's3+http' else 'https'}://{address.netloc.rpartition('@')[2]}",
        "bucket_name": bucket,
        "location": folder,
        # What most other services than Amazon's take.
        "region_name": said.get("region") or "us-east-1",
        "access_key": keys[0],
        "secret_key": keys[1],
    }


def database(name: str, url: str, schemes: tuple[str, ...]) -> dict[str, object]:
    """Read the address of a database into Django's form.

    Raises:
        ImproperlyConfigured: when it cannot be read, or is of another kind.
    """
    if url.split(":")[0] not in schemes:
        kinds = " or ".join(f"{scheme}://" for scheme in schemes)
        raise ImproperlyConfigured(f"{name} must begin with {kinds}")
    example = "postgres://user:password@host:5432/name, with special characters percent-encoded"
    return dict(readable(name, lambda: environ.Env.db_url_config(url), example))


def one_of(name: str, value: str, choices: tuple[str, ...]) -> str:
    """Read a word from a list.

    Raises:
        ImproperlyConfigured: when it is not in the list.
    """
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of: {', '.join(choices)}")
    return value
