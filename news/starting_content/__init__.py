"""The news that the site starts with, as plain data."""
