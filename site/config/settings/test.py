"""For the tests: a data folder of their own, fast passwords, nothing read from the developer's `.env`."""

import atexit
import os
import shutil
import tempfile

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="leadership-centre-tests-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ["SECRET_KEY"] = "only-for-tests"
os.environ["SITE_URL"] = "http://testserver"
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{os.environ['DATA_DIR']}/test.sqlite3"
os.environ["ENV_FILE"] = os.devnull
for _name in (
    *("DEBUG", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "REDIS_URL", "EMAIL_URL", "LOG_LEVEL", "SENTRY_DSN"),
    *("MAILCHIMP_API_KEY", "MAILCHIMP_AUDIENCE_ID", "MAILCHIMP_BASE_URL", "MAILCHIMP_DOUBLE_OPT_IN"),
    *("MAILCHIMP_WEBHOOK_SECRET", "MAILCHIMP_WEBHOOK_SIGNING_SECRET", "SIGNUP_LIMIT_PER_IP", "SIGNUP_LIMIT_GLOBAL"),
    *("SIGNUP_LIMIT_PER_ADDRESS", "SIGNUP_STORE_IP", "NEWSLETTER_ALERT_EMAIL", "PAGE_CACHE_MEGABYTES", "CDN_PURGE_URL"),
    *("BACKUP_KEY", "METRICS_TOKEN", "MEDIA_STORAGE_URL"),
):
    os.environ.pop(_name, None)

from config.settings.base import *  # noqa: E402
from config.settings.base import DATABASES, STORAGES  # noqa: E402

DEBUG = False
if str(DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
    # A file, as in production: threads wait for its lock, where Django's database in memory would refuse them.
    DATABASES["default"]["TEST"] = {"NAME": f"{os.environ['DATA_DIR']}/tests.sqlite3"}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
