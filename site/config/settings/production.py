"""How the site runs for people: also what `script/serve` runs, on plain http for loopback."""

import sentry_sdk
from sentry_sdk.utils import Dsn

from config import environment
from config.settings.base import *
from config.settings.base import env
from core.logs import scrub_report

if SENTRY_DSN := env.str("SENTRY_DSN", ""):
    environment.readable("SENTRY_DSN", lambda: Dsn(SENTRY_DSN), "https://key@errors.example.org/1")
    sentry_sdk.init(
        dsn=SENTRY_DSN,
        # No personal data leaves: no user, no address, no bodies, no local variables.
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        before_send=scrub_report,
        traces_sample_rate=0,
    )
