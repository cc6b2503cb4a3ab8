"""Settings shared by every way of running the site. Values come from the environment (see `.env.example`)."""

import ipaddress
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import environment
from core.logs import build_logging

BASE_DIR = Path(__file__).resolve().parent.parent.parent.parent

env = environ.Env()
environ.Env.read_env(env.str("ENV_FILE", str(BASE_DIR / ".env")))  # the tests name another file


# --- Where and how it runs ---------------------------------------------------------------------------

DEBUG = environment.yes_or_no("DEBUG", env.str("DEBUG", "false"))
DATA_DIR = environment.writable_folder("DATA_DIR", env.str("DATA_DIR", str(BASE_DIR / "var")))
SECRET_KEY = env.str("SECRET_KEY", "") or environment.kept_secret(DATA_DIR)

SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
_address = environment.site_url(SITE_URL)
SITE_IS_HTTPS = _address.scheme == "https"
SITE_IS_LOCAL = _address.hostname in ("localhost", "127.0.0.1", "::1")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [
    _address.hostname,
    *(environment.LOOPBACK_HOSTS if SITE_IS_LOCAL else ()),
]

try:
    TRUSTED_PROXIES = [
        ipaddress.ip_network(network, strict=False) for network in env.list("TRUSTED_PROXIES", default=[])
    ]
except ValueError as error:
    raise ImproperlyConfigured(f"TRUSTED_PROXIES has a wrong network: {error}") from error

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "wordpress",
    "home",
    "news",
    "programmes",
    "changemaking",
    "newsletter",
    "feedback",
    "editorial",
    "drafts",
    "recycle_bin",
    "accounts",
    "core",
    "wagtail_modeladmin",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "accounts.apps.UsersConfig",  # wagtail.users
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "django_filters",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Outermost, so that what the others see is never compressed. The admin's CSRF tokens are masked anew in each
    # answer and the length is padded at random, so compressing them tells an attacker nothing (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "core.middleware.TrustedProxyMiddleware",
    "core.middleware.RequestIdMiddleware",
    # Every answer has these headers: static files, redirects to https and refusals too.
    "core.middleware.ContentSecurityPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "core.middleware.ResourcePolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "core.request_limits.RequestLimitsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.CacheControlMiddleware",
    # A public page has an ETag, so that one that has not changed costs a reader no download.
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "core.middleware.MemoryMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.site",
            ],
        },
    },
]

# --- Database, cache, tasks --------------------------------------------------------------------------

SQLITE_OPTIONS = {
    # Writers queue for the lock at BEGIN instead of failing at their first write.
    "transaction_mode": "IMMEDIATE",
    # Seconds that a writer waits for the lock before "database is locked".
    "timeout": 10,
    # FULL: an answered sign-up survives a power cut (NORMAL may lose the last commits in WAL mode). No mmap: each
    # connection would map the file for itself, which counts as memory of the process.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}


def _database() -> dict[str, object]:
    """Read DATABASE_URL (default: a SQLite file in DATA_DIR) into Django's form."""
    config: dict[str, object] = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "site.sqlite3")}
    if url := env.str("DATABASE_URL", ""):
        config = environment.database("DATABASE_URL", url, ("sqlite", *environment.POSTGRESQL))
    engine = str(config.get("ENGINE", ""))
    if engine.endswith("sqlite3"):
        # Connections are kept: opening one costs more than most requests, and closing the last one rewrites the file.
        config |= {"CONN_MAX_AGE": None, "OPTIONS": SQLITE_OPTIONS}
    else:
        # Health checks: without them a database restart leaves dead connections in the pool.
        config |= {
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
                # As long as a writer waits on SQLite; without it a visitor would wait for ever.
                "options": "-c lock_timeout=10s",
            },
        }
    return config


DATABASES = {"default": _database()}


def _is_sqlite() -> bool:
    return str(DATABASES["default"]["ENGINE"]).endswith("sqlite3")


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            # Pages and the sign-up go on when Redis is gone: a failing cache is an empty cache.
            "IGNORE_EXCEPTIONS": True,
            "SOCKET_CONNECT_TIMEOUT": 1,
            "SOCKET_TIMEOUT": 1,
            # One that hangs is waited for once, not for each look-up (core.redis_client), and never tried again.
            "REDIS_CLIENT_CLASS": "core.redis_client.PatientRedis",
            "CONNECTION_POOL_KWARGS": {"retry": Retry(NoBackoff(), 0)},
        },
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}
}

# Memory of each web process for public pages, in megabytes (core.page_cache); 0 keeps none.
PAGE_CACHE_MEGABYTES = environment.whole_number("PAGE_CACHE_MEGABYTES", env.str("PAGE_CACHE_MEGABYTES", "64"))

# What stands in front of the site and is told of changes (core.page_cache.cdn), and for how many seconds it may keep
# a page that it is not told of.
WAGTAILFRONTENDCACHE = environment.frontend_cache("CDN_PURGE_URL", env.str("CDN_PURGE_URL", ""))
CDN_SECONDS = 60 if WAGTAILFRONTENDCACHE else 0

TASKS = {
    # Wagtail's own tasks (search index, reference index) run at once, as part of the save.
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    # Wake-ups for the worker. The truth about work to do lives in our own tables.
    "background": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["background"]},
}

# --- People ------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
]
# Readers of private pages sign in there as well: it knows the second factor and counts wrong passwords.
LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "wagtailadmin_login"
# Seconds for which the link in a message about a new password works.
PASSWORD_RESET_TIMEOUT = 60 * 60
# A code from an app, or a recovery code, beside the password (accounts.second_factor). Elsewhere it is offered.
SECOND_FACTOR_REQUIRED = SITE_IS_HTTPS
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# Wrong passwords for one name from one network within the time, and five times as many from one network whoever is
# named, close the login for that time (accounts.throttling).
AXES_HANDLER = "accounts.throttling.LoginThrottle"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# More tries while it is closed neither lengthen the time nor write anything.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "accounts.throttling.network_of"
AXES_LOCKOUT_CALLABLE = "accounts.throttling.too_many"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# --- Files -------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_PERMISSIONS = 0o644
# Bytes of a request's body, of anybody and of those who may be editors, files included (core.request_limits). The
# sign-up has a lower limit of its own (core.bodies).
BODY_LIMIT, UPLOAD_LIMIT = 1024 * 1024, 60 * 1024 * 1024
# Bytes of a body, files apart: a long page.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A long StreamField page has many form fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Encrypts backups; without it they are not (core.backup).
BACKUP_KEY = environment.passphrase("BACKUP_KEY", env.str("BACKUP_KEY", ""))

# --- Language and time -------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
# Every editor sees and sets London time, wherever their computer is.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
USE_I18N = True
USE_TZ = True

# --- Mail, logs, errors ------------------------------------------------------------------------------

vars().update(
    environment.readable(
        "EMAIL_URL", lambda: env.email_url("EMAIL_URL", default="consolemail://"), "smtp+tls://user:password@host:587"
    )
)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"noreply@{_address.hostname}")
EMAIL_TIMEOUT = 10

LOGGING = build_logging(debug=DEBUG, level=env.str("LOG_LEVEL", "INFO").upper())

# Opens /health/metrics/ (core.health); without it there is no such address.
METRICS_TOKEN = environment.passphrase("METRICS_TOKEN", env.str("METRICS_TOKEN", ""))

# --- Headers -----------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # Videos (core.video), framed only after a reader asks for one.
        "frame-src": ["https://www.youtube-nocookie.com", "https://player.vimeo.com"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
# Wagtail's admin writes inline scripts and styles, and previews frame our own pages.
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "connect-src": [SELF],
    "frame-src": [SELF, "https://www.youtube-nocookie.com", "https://player.vimeo.com"],
    "form-action": [SELF],
    "base-uri": [SELF],
    "frame-ancestors": [SELF],
    "object-src": [NONE],
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Wagtail lets its own previews be framed by its admin.
X_FRAME_OPTIONS = "DENY"
# Only a trusted proxy may say so: core.middleware.TrustedProxyMiddleware drops the header from others.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = SITE_IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 63_072_000 if SITE_IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SITE_IS_HTTPS
SECURE_HSTS_PRELOAD = SITE_IS_HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_IS_HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if SITE_IS_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SITE_IS_HTTPS else "csrftoken"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# In the session, not in a cookie of their own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_HTTPONLY = False  # Wagtail's admin reads it from script
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Wagtail -----------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Leadership Centre"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_I18N_ENABLED = False
WAGTAILIMAGES_IMAGE_MODEL = "core.SiteImage"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif", "gif"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "core.forms.PictureForm"
# At these a photograph looks as it did (0 to 100, each of its own format) and a page keeps to its 150 KB.
WAGTAILIMAGES_AVIF_QUALITY = 50
WAGTAILIMAGES_WEBP_QUALITY = 70
WAGTAILIMAGES_JPEG_QUALITY = 72
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_DOCUMENT_MODEL = "core.SiteDocument"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "core.forms.DocumentForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "csv", "txt", "rtf", "epub"]
WAGTAILSEARCH_BACKENDS = {
    # The admin's: Wagtail's own, which on SQLite needs help.
    "default": {
        "BACKEND": "core.search.admin" if _is_sqlite() else "wagtail.search.backends.database",
        "SEARCH_CONFIG": "english",
    },
    # The readers'.
    "site": {"BACKEND": "core.search.index"},
}
# Videos are our own block (core.blocks.media.VideoBlock), which asks no provider anything.
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "blockquote"]},
    },
}
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
TAGGIT_CASE_INSENSITIVE = True

# --- Links to other sites (see editorial.outside) ------------------------------------------------------

# Whether the worker asks the sites that live pages link to whether they still answer. Not from one's own machine.
CHECK_EXTERNAL_LINKS = environment.yes_or_no(
    "CHECK_EXTERNAL_LINKS", env.str("CHECK_EXTERNAL_LINKS", "false" if SITE_IS_LOCAL else "true")
)
# How many addresses it asks for within a day at most.
EXTERNAL_LINKS_A_DAY = environment.whole_number("EXTERNAL_LINKS_A_DAY", env.str("EXTERNAL_LINKS_A_DAY", "2000"))

# --- Mailing list (see docs/integrations/mailchimp.md) -----------------------------------------------

MAILCHIMP_API_KEY = env.str("MAILCHIMP_API_KEY", "").strip()
MAILCHIMP_AUDIENCE_ID = env.str("MAILCHIMP_AUDIENCE_ID", "").strip()
MAILCHIMP_BASE_URL = env.str("MAILCHIMP_BASE_URL", "").strip()
MAILCHIMP_DOUBLE_OPT_IN = environment.one_of(
    "MAILCHIMP_DOUBLE_OPT_IN", env.str("MAILCHIMP_DOUBLE_OPT_IN", "auto"), ("auto", "on", "off")
)
# The secret part of the webhook's address; empty: made from SECRET_KEY (newsletter.webhook.path_secret).
MAILCHIMP_WEBHOOK_SECRET = env.str("MAILCHIMP_WEBHOOK_SECRET", "").strip()
# Overrides the one that newsletter_connect keeps, for a webhook that was made by hand.
MAILCHIMP_WEBHOOK_SIGNING_SECRET = env.str("MAILCHIMP_WEBHOOK_SIGNING_SECRET", "")
# Who is told by email when deliveries pause; nobody when empty.
NEWSLETTER_ALERT_EMAIL = [
    address.strip() for address in env.str("NEWSLETTER_ALERT_EMAIL", "").split(",") if address.strip()
]
SIGNUP_STORE_IP = environment.yes_or_no("SIGNUP_STORE_IP", env.str("SIGNUP_STORE_IP", "false"))
SIGNUP_LIMIT_PER_IP = environment.whole_number("SIGNUP_LIMIT_PER_IP", env.str("SIGNUP_LIMIT_PER_IP", "60"))
SIGNUP_LIMIT_GLOBAL = environment.whole_number("SIGNUP_LIMIT_GLOBAL", env.str("SIGNUP_LIMIT_GLOBAL", "2000"))
SIGNUP_LIMIT_PER_ADDRESS = environment.whole_number(
    "SIGNUP_LIMIT_PER_ADDRESS", env.str("SIGNUP_LIMIT_PER_ADDRESS", "10")
)
