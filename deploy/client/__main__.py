"""``python -m deploy.client`` builds the wheel of the Python client and says where it lies."""

import sys

from deploy.client.build import wheel
from deploy.setup.journal import ROOT, SetupFailed


def main() -> int:
    """Build; the exit code."""
    try:
        sys.stdout.write(f"{wheel().relative_to(ROOT)}\n")
    except SetupFailed as failure:
        sys.stderr.write(f"client: {failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
