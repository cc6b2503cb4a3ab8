"""The programmes and case stories that the site starts with, as plain data."""
