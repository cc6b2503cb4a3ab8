"""The search that readers use: pages and documents, ranked by title, then summary, then text, then age.

`index` fills the table (`core.models.SearchEntry`), `database` asks it on SQLite and PostgreSQL, `find` ranks and
filters, `near` knows words like the one that was mistyped, `asked` counts what was searched for, `views` answers.
"""
