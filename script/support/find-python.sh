# Sourced by the commands in script/. Sets $python to a Python of at least 3.11, or says what is missing and exits.
# PYTHON=/path/to/python chooses one.

python=
for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python3 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "This needs Python 3.11 or newer, found: $(python3 --version 2>/dev/null || echo 'no python3')." \
        "Install it (Debian, Ubuntu: apt-get install python3 python3-venv)." >&2
    exit 1
fi
