"""For people who change the code: `script/serve --dev`."""

from config.settings.base import *
from config.settings.base import STORAGES

DEBUG = True
PAGE_CACHE_MEGABYTES = 0  # a changed template is seen at once
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
