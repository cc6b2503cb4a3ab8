"""Settings shared by every way of running the site. Values come from the environment (see `.env.example`)."""

from datetime import timedelta

from config import environment
from config.settings.data import *
from config.settings.data import IS_SQLITE
from config.settings.files import *
from config.settings.headers import *
from config.settings.place import *
from config.settings.place import BASE_DIR, DEBUG, SITE_ADDRESS, SITE_IS_HTTPS, SITE_IS_LOCAL, SITE_URL, env
from core.logs import build_logging

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
    "core.middleware.CompressionMiddleware",
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
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"noreply@{SITE_ADDRESS.hostname}")
EMAIL_TIMEOUT = 10

LOGGING = build_logging(debug=DEBUG, level=env.str("LOG_LEVEL", "INFO").upper())

# Opens /health/metrics/ (core.health); without it there is no such address.
METRICS_TOKEN = environment.passphrase("METRICS_TOKEN", env.str("METRICS_TOKEN", ""))

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
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "core.forms.DocumentForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "csv", "txt", "rtf", "epub"]
WAGTAILSEARCH_BACKENDS = {
    # The admin's: Wagtail's own, which on SQLite needs help.
    "default": {
        "BACKEND": "core.search.admin" if IS_SQLITE else "wagtail.search.backends.database",
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
