"""For people who change the code: `script/serve --dev`."""

from config.settings.base import *
from config.settings.base import STORAGES

DEBUG = True
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
