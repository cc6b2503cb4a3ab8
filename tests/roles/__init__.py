"""Who reaches which address of the admin: `matrix.csv`, written by `python -m tests.roles` and compared by a test."""
