"""A stand-in for Mailchimp: an HTTP server with memory that answers the Marketing API v3 as the real one does.

Standard library only. As a process: `python -m tests.mailchimp_sandbox --help`. In tests: `Sandbox`.
"""

from .faults import Fault
from .sandbox import Sandbox
from .webhook_events import signature

__all__ = ["Fault", "Sandbox", "signature"]
