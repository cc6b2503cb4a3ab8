"""What can go wrong with a backup, in words for the person who runs it."""


class BackupError(Exception):
    """It cannot be done. The message says why and what to do, and quotes no data."""
