"""The full-text index beside the table of entries, on SQLite and on PostgreSQL. Used by migration 0003.

Both are a table core_searchentry_fts that triggers keep equal to core_searchentry, whoever writes that. A migration
that makes SQLite write core_searchentry anew drops its triggers and must put them back.
"""

from typing import Any

_FILL = (
    "INSERT INTO core_searchentry_fts (rowid, title, summary, body) VALUES (new.id, new.title, new.summary, new.body)"
)
_FORGET = (
    "INSERT INTO core_searchentry_fts (core_searchentry_fts, rowid, title, summary, body)"
    " VALUES ('delete', old.id, old.title, old.summary, old.body)"
)
# https://www.sqlite.org/fts5.html#external_content_tables. The prefix index is for words of which only the
# beginning has been typed.
SQLITE = (
    "CREATE VIRTUAL TABLE core_searchentry_fts USING fts5(title, summary, body, content='core_searchentry',"
    " content_rowid='id', prefix='3 4', tokenize='porter unicode61 remove_diacritics 2')",
    f"CREATE TRIGGER core_searchentry_insert AFTER INSERT ON core_searchentry BEGIN {_FILL}; END",
    f"CREATE TRIGGER core_searchentry_delete AFTER DELETE ON core_searchentry BEGIN {_FORGET}; END",
    f"CREATE TRIGGER core_searchentry_update AFTER UPDATE ON core_searchentry BEGIN {_FORGET}; {_FILL}; END",
)

# English word stems without stop words: a page may be called "About". What stands between words becomes a space
# first, or PostgreSQL would take "health/care" for the path of a file and "example.org" for a host.
POSTGRESQL = """
CREATE TEXT SEARCH DICTIONARY core_stem (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION core_search (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION core_search
    ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH {dictionaries};
CREATE FUNCTION core_search_vector(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('{schema}.core_search', translate(words, '/.,:;@_-+&#=~''’', repeat(' ', 15)))
$$;
CREATE TABLE core_searchentry_fts (
    id bigint PRIMARY KEY, title tsvector NOT NULL, head tsvector NOT NULL, whole tsvector NOT NULL
);
CREATE INDEX core_searchentry_fts_title ON core_searchentry_fts USING gin (title);
CREATE INDEX core_searchentry_fts_head ON core_searchentry_fts USING gin (head);
CREATE INDEX core_searchentry_fts_whole ON core_searchentry_fts USING gin (whole);
CREATE FUNCTION core_searchentry_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE {schema}.core_searchentry_fts;
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM {schema}.core_searchentry_fts WHERE id = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO {schema}.core_searchentry_fts VALUES (
            NEW.id,
            {schema}.core_search_vector(NEW.title),
            {schema}.core_search_vector(NEW.title || ' ' || NEW.summary),
            {schema}.core_search_vector(NEW.title || ' ' || NEW.summary || ' ' || NEW.body)
        );
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER core_searchentry_follow AFTER INSERT OR UPDATE OR DELETE ON core_searchentry
    FOR EACH ROW EXECUTE FUNCTION core_searchentry_follow();
CREATE TRIGGER core_searchentry_empty AFTER TRUNCATE ON core_searchentry
    FOR EACH STATEMENT EXECUTE FUNCTION core_searchentry_follow();
"""


def create_index(apps: Any, schema_editor: Any) -> None:
    """Make the full-text index and what keeps it filled."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in SQLITE:
                cursor.execute(statement)
            return
        cursor.execute("SELECT current_schema()")
        cursor.execute(
            POSTGRESQL.format(schema=cursor.fetchone()[0], dictionaries=", ".join(_dictionaries(cursor))), None
        )


def drop_index(apps: Any, schema_editor: Any) -> None:
    """Undo `create_index`; the triggers go with their table."""
    schema_editor.execute("DROP TABLE core_searchentry_fts")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION core_searchentry_follow() CASCADE")
        schema_editor.execute("DROP FUNCTION core_search_vector(text)")
        schema_editor.execute("DROP TEXT SEARCH CONFIGURATION core_search")
        schema_editor.execute("DROP TEXT SEARCH DICTIONARY core_stem")


def _dictionaries(cursor: Any) -> list[str]:
    """Whether accents matter is up to the database: most let us add unaccent, which ships with PostgreSQL."""
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'unaccent') OR"
        " (EXISTS (SELECT 1 FROM pg_available_extension_versions WHERE name = 'unaccent' AND trusted)"
        " AND has_database_privilege(current_database(), 'CREATE'))"
    )
    if not cursor.fetchone()[0]:
        return ["core_stem"]
    cursor.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
    return ["unaccent", "core_stem"]
