#!/usr/bin/env python
"""Django's command line, with `site/` on the import path and plain answers to wrong settings."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Run a management command; a wrong environment variable is one clear line and exit code 2."""
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        from django.conf import settings

        settings.configured or settings._setup()  # read the settings here, where a mistake can be explained
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if os.environ.get("DEBUG_SETTINGS"):
            raise
        sys.exit(f"Wrong settings: {error}")


if __name__ == "__main__":
    main()
