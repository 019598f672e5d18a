"""Graphs are built without importing SciPy's sparse matrices, which stay there for everybody else."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

BUILD = """
    import sys
    import pytensor.tensor as pt
    from pplc.compiler.library.graph import untraced

    @untraced
    def build():
        pt.vector("x", shape=(5,))[1:4]  # PyTensor asks whether 1 and 4 come from a sparse matrix
        {inside}

    build()
    assert not [name for name in sys.modules if name.startswith("pytensor.sparse")] or {loaded}
    {after}
"""


@pytest.mark.parametrize(
    ("inside", "after"),
    [
        ("pass", ""),
        ("pass", "import pytensor.sparse as sparse; assert sparse.csr_matrix('a').type.format == 'csr'"),
        ("pass", "from pytensor.sparse.basic import CSM; from pytensor.sparse import CSM as same; assert CSM is same"),
        ("from pytensor.sparse import CSM, csr_matrix", "from pytensor.sparse.basic import csr_matrix"),
        ("import pytensor.sparse as sparse; assert sparse.csr_matrix('a').type.format == 'csr'", ""),
        ("import pytensor.link.numba.dispatch", "import pytensor.sparse as sparse; assert sparse.__path__"),
    ],
)
def test_sparse_matrices_wait_for_those_who_want_them(inside: str, after: str) -> None:
    program = textwrap.dedent(BUILD).format(inside=inside, after=after, loaded=inside != "pass")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
