#!/bin/sh
# Prints the first Python that is 3.11 or later; one that can make virtual environments by itself comes first.
set -eu

candidates="${PYTHON:-} python3 python3.11 python3.12 python3.13 python3.14 /usr/bin/python3"
second=""
for candidate in $candidates; do
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$candidate"
        exit 0
    fi
    [ -n "$second" ] || second="$candidate"
done
if [ -z "$second" ]; then
    echo "set-up: Python 3.11 or later is needed and none was found; on Debian: apt-get install python3 python3-venv" >&2
    exit 1
fi
echo "$second"
