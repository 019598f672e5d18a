"""A Zarr folder is replaced only by a complete one."""

from __future__ import annotations

import numpy as np
import pytest
from pplc.runtime import zarr_folder
from pplc.runtime.groups import Group


def result(value: float) -> dict[str, Group]:
    return {"posterior": Group({"x": (("chain", "draw"), np.full((1, 3), value))}, {}, {})}


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "r.zarr"
    zarr_folder.write_zarr(result(1.0), path)
    zarr_folder.write_zarr(result(2.0), path)

    class Full:
        def to_zarr(self, folder, **options):
            folder.mkdir()
            (folder / "zarr.json").write_text("{")
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(zarr_folder, "as_datatree", lambda groups: Full())
    with pytest.raises(OSError, match="No space"):
        zarr_folder.write_zarr(result(3.0), path)
    assert list(tmp_path.iterdir()) == [path]
    np.testing.assert_array_equal(zarr_folder.read_zarr(path)["posterior"].arrays["x"][1], np.full((1, 3), 2.0))
