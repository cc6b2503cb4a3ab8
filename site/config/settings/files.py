"""Static files, what editors upload, and how large it may be."""

from config import environment
from config.settings.place import BASE_DIR, DATA_DIR, env

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
# Where in an S3-compatible store uploaded files are kept (core.media_store); empty when they are in MEDIA_ROOT.
MEDIA_STORE = environment.media_store("MEDIA_STORAGE_URL", env.str("MEDIA_STORAGE_URL", ""))
STORAGES = {
    "default": {
        "BACKEND": "core.media_store.bucket.MediaStore"
        if MEDIA_STORE
        else "django.core.files.storage.FileSystemStorage"
    },
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
