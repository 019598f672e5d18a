"""`python -m pplc.runtime.kernels [--check]`: write LLVM code of kernels into the package (see `shipped`)."""

from __future__ import annotations

import sys

from pplc.runtime.drivers import drivers
from pplc.runtime.kernels import shipped


def main() -> int:
    """Returns the exit status."""
    kernels = {kernel for driver in drivers().values() for kernel in driver.kernels}
    expected = {shipped.path(kernel.name, kernel.source): kernel for kernel in kernels}
    present = set(shipped.FOLDER.glob("*.bc"))
    if "--check" in sys.argv[1:]:
        for path in sorted(present ^ expected.keys()):
            print(f"{path.name} is {'out of date' if path in present else 'missing'}: `make accept` mends that")
        return present != expected.keys()
    shipped.FOLDER.mkdir(exist_ok=True)
    for path in present - expected.keys():
        path.unlink()
    for path in expected.keys() - present:
        path.write_bytes(expected[path].write())
    return 0


if __name__ == "__main__":
    sys.exit(main())
