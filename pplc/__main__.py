"""The command `pplc`; also `python -m pplc`."""

from __future__ import annotations

import sys


def main() -> int:
    from pplc.cli.entry import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
