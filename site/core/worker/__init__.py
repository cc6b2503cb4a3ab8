"""The worker process: the task queue and the clock of periodic jobs. Started by `manage.py worker`."""

import threading

# Set once the process has been told to stop. A long job or task looks at it between two pieces of its
# work and ends early; whatever is left is done after the next start.
stopping = threading.Event()
