"""`manage.py export_person`: everything that is held on a person, as JSON."""

import json
from typing import Any

from newsletter.management.person import PersonCommand
from newsletter.rights import export_person


class Command(PersonCommand):
    """Prints what is held on a person, for an answer to a request for access (UK GDPR Art. 15)."""

    help = "Print everything that the mailing list holds on a person, as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(export_person(self.person(options)), indent=2, ensure_ascii=False))
