"""Database, cache, what stands in front of the site, and the queue of tasks."""

from redis.backoff import NoBackoff
from redis.retry import Retry

from config import environment
from config.settings.place import DATA_DIR, env

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
                # As long as a writer waits on SQLite; without it a visitor would wait for ever. And disks of today
                # read anywhere alike: with PostgreSQL's own 4 it would rather read all texts there are than its
                # full-text index (half a second for one word among 100,000 pages). Compiling the plan of a query of
                # ours (jit) takes longer than running it.
                "options": "-c lock_timeout=10s -c random_page_cost=1.1 -c jit=off",
            },
        }
    return config


DATABASES = {"default": _database()}
IS_SQLITE = str(DATABASES["default"]["ENGINE"]).endswith("sqlite3")
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
