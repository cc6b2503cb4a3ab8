"""Copies of the database and the uploaded files in one archive, and the way back: `manage.py backup` and `restore`.

An archive is a tar file that anybody can read by hand: `database.sql.gz/` or `database.sqlite3.gz/` in numbered parts,
`media/`, and last `manifest.json` with a checksum of each. With BACKUP_KEY it is sealed as a whole (`sealed`).

An app whose tables must not be taken for the live ones says so by a rule (`rules.CopyRule`), which is carried out in
the copy itself: so it holds however the copy is brought back, also by hand.
"""
