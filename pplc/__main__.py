"""The command `pplc`; also `python -m pplc`."""

from __future__ import annotations

import sys

from pplc.folders import drop_bytecode, failed_in_our_bytecode, keep_bytecode


def main() -> int:
    try:
        keep_bytecode()
        from pplc.cli.entry import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # before anything was done that could be kept
        return 130
    except Exception as problem:
        if not failed_in_our_bytecode(problem):
            raise
        drop_bytecode()
        print("error: Python's bytecode in pplc's cache was damaged and is removed; please run again", file=sys.stderr)
        return 5


if __name__ == "__main__":
    sys.exit(main())
