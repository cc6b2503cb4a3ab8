"""The connection to Redis: one that does not answer is left alone for a while, not waited for each time."""

import time
from typing import Any, ClassVar

from redis import ConnectionError as RedisConnectionError
from redis import Redis, TimeoutError

# A Redis that hangs (a broken network, a machine that swaps) costs one wait of SOCKET_TIMEOUT in this time.
REST_SECONDS = 10.0


class PatientRedis(Redis):
    """A client whose commands fail at once while Redis is left alone."""

    _rests_until: ClassVar[float] = 0.0

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command.

        Raises:
            redis.ConnectionError: Redis is away, or did not answer a moment ago.
            redis.TimeoutError: it does not answer.
        """
        if time.monotonic() < PatientRedis._rests_until:
            raise RedisConnectionError("left alone for a while")
        try:
            return super().execute_command(*args, **options)
        except (RedisConnectionError, TimeoutError):
            PatientRedis._rests_until = time.monotonic() + REST_SECONDS
            raise
