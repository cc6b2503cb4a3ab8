"""Where and how the site runs: what the other settings follow from."""

import ipaddress
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent.parent.parent

env = environ.Env()
environ.Env.read_env(env.str("ENV_FILE", str(BASE_DIR / ".env")))  # the tests name another file

DEBUG = environment.yes_or_no("DEBUG", env.str("DEBUG", "false"))
DATA_DIR = environment.writable_folder("DATA_DIR", env.str("DATA_DIR", str(BASE_DIR / "var")))
SECRET_KEY = env.str("SECRET_KEY", "") or environment.kept_secret(DATA_DIR)

SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_ADDRESS = environment.site_url(SITE_URL)
SITE_IS_HTTPS = SITE_ADDRESS.scheme == "https"
SITE_IS_LOCAL = SITE_ADDRESS.hostname in ("localhost", "127.0.0.1", "::1")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [
    SITE_ADDRESS.hostname,
    *(environment.LOOPBACK_HOSTS if SITE_IS_LOCAL else ()),
]

try:
    TRUSTED_PROXIES = [
        ipaddress.ip_network(network, strict=False) for network in env.list("TRUSTED_PROXIES", default=[])
    ]
except ValueError as error:
    raise ImproperlyConfigured(f"TRUSTED_PROXIES has a wrong network: {error}") from error
