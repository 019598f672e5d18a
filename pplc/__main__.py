"""The command `pplc`; also `python -m pplc`."""

from __future__ import annotations

import sys

from pplc.folders import keep_bytecode


def main() -> int:
    try:
        keep_bytecode()
        from pplc.cli.entry import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # before anything was done that could be kept
        return 130


if __name__ == "__main__":
    sys.exit(main())
