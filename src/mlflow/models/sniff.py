"""What a file's content says that can run code when it is read, whatever its name is.

Only the content is looked at: a suffix is the attacker's choice. Pickles that name nothing, and
those of tensors alone, are plain data.
"""

from __future__ import annotations

import bz2
import json
import lzma
import pickletools
import re
import tarfile
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_HEAD: Final = 1 << 16
_MOST: Final = 1 << 26  # bytes of a pickle within an archive that are looked at
_TAR: Final = slice(257, 262)  # where the signature is
_NUMPY: Final = b"\x93NUMPY"
_SIGNATURES: Final = (
    (b"\x89HDF\r\n\x1a\n", "HDF5"),
    (b"\x7fELF", "native library"),
    (b"MZ", "native library"),
    (b"\xcf\xfa\xed\xfe", "native library"),
    (b"\xca\xfe\xba\xbe", "native library"),
)
_DECOMPRESSORS: Final[tuple[tuple[bytes, Callable[[], Any]], ...]] = (
    (b"\x1f\x8b", lambda: zlib.decompressobj(wbits=31)),
    (b"x", zlib.decompressobj),
    (b"BZh", bz2.BZ2Decompressor),
    (b"\xfd7zXZ", lzma.LZMADecompressor),
    (b"\x5d\x00\x00", lzma.LZMADecompressor),
)
_LZ4: Final = b"\x04\x22\x4d\x18"
_BINARY_PICKLE: Final = re.compile(rb"\x80[\x02-\x05]")
_NAMING: Final = frozenset({"GLOBAL", "STACK_GLOBAL", "INST", "EXT1", "EXT2", "EXT4"})
_CALLING: Final = frozenset({"REDUCE", "BUILD", "NEWOBJ", "NEWOBJ_EX", "INST", "OBJ"})
# What the pickle within a file of tensors may name.
_OF_TENSORS: Final = re.compile(
    r"collections OrderedDict|torch\._utils _rebuild_(tensor_v2|parameter|qtensor)"
    r"|torch (\w+Storage|Size|device|float\w*|u?int\d+|bool|bfloat16)|torch\.storage UntypedStorage"
)
# What a saved Keras model may be made of; the module ``keras.utils`` fetches files, say.
_OF_KERAS: Final = re.compile(
    r"builtins|keras|keras\.(src\.)?(layers|models|optimizers|losses|metrics|initializers"
    r"|regularizers|constraints|activations|dtype_policies|random)(\.[\w.]+)?"
)
_KERAS_CODE: Final = frozenset(
    {"Lambda", "__lambda__", "TorchModuleWrapper", "TFSMLayer", "JaxLayer", "FlaxLayer"}
)
_RAW_TENSOR: Final = re.compile(r"(.*/)?(data|tensors)/\d+")


def code_in(path: Path) -> str | None:
    """Return the name of the format in which a file can run code, or None.

    Args:
        path: The file.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if head.startswith(b"PK") or zipfile.is_zipfile(file):
            file.seek(0)
            return _code_in_zip(file)
        if head[_TAR].startswith(b"ustar"):
            file.seek(0)
            return _code_in_tar(file)
    if path.name == "saved_model.pb":  # has no signature of its own
        return "TensorFlow SavedModel"
    return _code_in_bytes(head)


def _code_in_bytes(head: bytes) -> str | None:
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    if head.startswith(_LZ4):
        return "lz4 (joblib)"
    if head[1:4] == b"\r\r\n":  # the first byte is the release
        return "compiled Python"
    if head.startswith(_NUMPY):
        return "numpy object array" if _has_objects(head) else None
    for signature, make in _DECOMPRESSORS:
        if head.startswith(signature):
            try:
                inner = make().decompress(head, _HEAD)
            except (OSError, ValueError, zlib.error, lzma.LZMAError):
                break
            return "compressed pickle" if _is_code(inner) else None
    return "pickle" if _is_code(head) else None


def _has_objects(head: bytes) -> bool:
    return re.search(rb"'descr':.*?'[|<>=]?O\d*'", head, re.DOTALL) is not None


def _is_code(data: bytes, allowed: re.Pattern[str] | None = None) -> bool:
    """Return whether the start of a file is a pickle that names anything but what is allowed."""
    is_binary = _BINARY_PICKLE.match(data) is not None
    named = False
    try:
        for name, value in _operations(data):
            if name in _NAMING:
                is_known = name == "GLOBAL" and allowed and allowed.fullmatch(str(value))
                named = named or not is_known
            # Text that happens to read as a name is no pickle: the old protocols have no mark.
            if named and (is_binary or name in _CALLING):
                return True
    except ValueError:  # it ends too early
        return is_binary
    return False


def _operations(data: bytes) -> Iterator[tuple[str, Any]]:
    """Yield a pickle's operations, as far as its stack holds what they take.

    Raises:
        ValueError: the data end, or are none.
    """
    stack: list[bool] = []  # whether an item is a mark
    for operation, value, _ in pickletools.genops(data):
        taken = operation.stack_before
        if pickletools.markobject in taken:
            below = taken.index(pickletools.markobject)
            while stack and not stack[-1]:
                stack.pop()
            if len(stack) <= below:
                raise ValueError
            del stack[len(stack) - 1 - below :]
        elif len(stack) < len(taken):
            raise ValueError
        else:
            del stack[len(stack) - len(taken) :]
        stack += [item is pickletools.markobject for item in operation.stack_after]
        yield operation.name, value


def _code_in_tar(file: IO[bytes]) -> str | None:
    try:
        with tarfile.open(fileobj=file, mode="r:") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                found = _code_in_bytes(content.read(_HEAD)) if content else None
                if found:
                    return found
    except (tarfile.TarError, EOFError):
        return "damaged tar"
    return None


def _code_in_zip(file: IO[bytes]) -> str | None:
    try:
        with zipfile.ZipFile(file) as archive:
            return _code_in_members(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return "damaged zip"


def _code_in_members(archive: zipfile.ZipFile) -> str | None:
    names = archive.namelist()
    ends = {name.rpartition("/")[2] for name in names}
    if "archive_format" in ends:
        return "pt2"
    if "constants.pkl" in ends or any("/code/" in f"/{name}" for name in names):
        return "TorchScript"
    is_keras = {"config.json", "metadata.json"} <= ends
    if is_keras and _has_keras_code(archive):
        return "Keras, with a lambda or custom objects,"
    for name in names:
        if _RAW_TENSOR.fullmatch(name):
            continue
        with archive.open(name) as member:
            head = member.read(_MOST if name.endswith(".pkl") else _HEAD)
        if name.rpartition("/")[2] == "data.pkl":
            found = "torch pickle" if _is_code(head, _OF_TENSORS) else None
        else:
            found = _code_in_bytes(head)
        if found and not (is_keras and found == "HDF5"):
            return found
    return None


def _has_keras_code(archive: zipfile.ZipFile) -> bool:
    try:
        rest: list[Any] = [json.loads(archive.read("config.json"))]
    except (KeyError, ValueError):
        return True
    while rest:
        item = rest.pop()
        if isinstance(item, dict):
            module = item.get("module")
            if module is not None and not _OF_KERAS.fullmatch(str(module)):
                return True
            if str(item.get("class_name")) in _KERAS_CODE:
                return True
        rest += item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    return False
