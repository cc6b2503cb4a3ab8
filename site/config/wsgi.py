"""The WSGI entry point that gunicorn loads as `config.wsgi` (with `--pythonpath site`)."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
for folder in (str(ROOT / "site"), str(ROOT)):
    if folder not in sys.path:
        sys.path.insert(0, folder)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

if settings.PAGE_CACHE_MEGABYTES:
    from core.page_cache.wsgi import PageCache

    application = PageCache(application, settings.PAGE_CACHE_MEGABYTES * 1024 * 1024)
