"""What content says about code: each format under a name that says nothing."""

from __future__ import annotations

import bz2
import collections
import gzip
import io
import json
import lzma
import os
import pickle
import zipfile
import zlib
from typing import TYPE_CHECKING

import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.models.sniff import _code_in_bytes, code_in

if TYPE_CHECKING:
    from pathlib import Path

CALL = {protocol: pickle.dumps(collections.Counter("ab"), protocol) for protocol in range(6)}


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _npy(value: object, dtype: object = None) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(value, dtype=dtype))  # type: ignore[call-overload]
    return buffer.getvalue()


def _keras(*layers: dict[str, object]) -> bytes:
    config = {"module": "keras", "class_name": "Functional", "config": {"layers": list(layers)}}
    members = {"config.json": json.dumps(config).encode(), "metadata.json": b"{}"}
    return _zip({**members, "model.weights.h5": b"\x89HDF\r\n\x1a\n"})


_TENSORS = b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01."
CODE = {
    **{f"protocol {protocol}": content for protocol, content in CALL.items()},
    "by inst": b"(S'true'\nios\nsystem\n.",
    "after a call, garbage": b"cos\nsystem\n(S'true'\ntR\xff\xff",
    "gzip": gzip.compress(CALL[4]),
    "zlib": zlib.compress(CALL[0]),
    "bz2": bz2.compress(CALL[2]),
    "xz": lzma.compress(CALL[4]),
    "lzma": lzma.compress(CALL[4], lzma.FORMAT_ALONE),
    "lz4": b"\x04\x22\x4d\x18rest",
    "numpy objects": _npy([os.getcwd], object),
    "numpy objects in a record": _npy([(1, None)], [("a", int), ("b", object)]),
    "npz": _zip({"a.npy": _npy([1]), "b.npy": _npy([None], object)}),
    "HDF5": b"\x89HDF\r\n\x1a\nrest",
    "ELF": b"\x7fELFrest",
    "torch": _zip({"m/data.pkl": CALL[2], "m/data/0": b"x"}),
    "torch elsewhere": _zip({"m/data.pkl": _TENSORS, "m/other": CALL[4]}),
    "TorchScript": _zip({"m/code/__torch__.py": b"", "m/data.pkl": _TENSORS}),
    "pt2": _zip({"m/archive_format": b"pt2"}),
    "pickle in zip": _zip({"a.txt": CALL[4]}),
    "damaged zip": _zip({"a": b"b"})[:20],
    "lambda": _keras({"module": "keras.layers", "class_name": "Lambda"}),
    "custom": _keras({"module": "os", "class_name": "system"}),
    "downloads": _keras({"module": "keras.utils", "class_name": "get_file"}),
}
DATA = {
    "empty": b"",
    "text": b"class,name\nfoo,1\nbar,2\n",
    "vocabulary": b"cab\ncar\nbat\nRat\n",
    "ids": b"id\nname\nother\n",
    "json": b'{"a": [1, 2]}',
    "plain pickle": pickle.dumps({"a": [1, 2.5, "x"]}),
    "numpy": _npy([1.5]),
    "text arrays": _npy(["O"]),
    "zip": _zip({"a.txt": b"x", "b.npy": _npy([1])}),
    "weights": _zip({"m/data.pkl": _TENSORS, "m/data/0": b"MZ any bytes"}),
    "keras": _keras({"module": "keras.layers", "class_name": "Dense"}),
}


@pytest.mark.parametrize("name", list(CODE))
def test_code_is_found(tmp_path: Path, name: str) -> None:
    """Each format that can run code is named, whatever the file is called."""
    (tmp_path / "notes.txt").write_bytes(CODE[name])
    assert code_in(tmp_path / "notes.txt")


@pytest.mark.parametrize("name", list(DATA))
def test_data_are_data(tmp_path: Path, name: str) -> None:
    """Files without code are let through, also those that look a little like it."""
    (tmp_path / "model.pkl").write_bytes(DATA[name])
    assert code_in(tmp_path / "model.pkl") is None


def test_what_joblib_writes_is_found(tmp_path: Path) -> None:
    """Every compression of joblib, under a suffix of another."""
    for compress in (0, ("zlib", 3), ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3)):
        joblib.dump({"a": np.arange(3)}, tmp_path / "m.json", compress=compress)
        assert code_in(tmp_path / "m.json"), compress


@given(st.binary(max_size=400))
def test_any_bytes_have_an_answer(data: bytes) -> None:
    """No content makes it fail."""
    _code_in_bytes(data)
    _code_in_bytes(b"\x80\x04" + data)
