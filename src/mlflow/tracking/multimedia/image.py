"""Images as artifacts, and the ``Image`` that users hand over.

A static image is one file. An image with a key is a point of a series: its file name carries key,
step and time, and a small WebP of it lies beside it for galleries.
"""

from __future__ import annotations

import io
import os
import re
import sys
import uuid
import warnings
from typing import TYPE_CHECKING, Any, Final

from mlflow._core import clock
from mlflow._core.tags import MLFLOW_LOGGED_IMAGES
from mlflow.tracking.multimedia.notes import (
    RunTags,
    WrongTypeError,
    WrongValueError,
    file_path,
    suffix_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import PIL.Image

    from mlflow.store.artifact.artifact_repo import ArtifactRepository

_KEY: Final = re.compile(r"[A-Za-z0-9_\-./ ]+")
_SMALL: Final = 256  # pixels of the longer side of the WebP beside an image
_CHANNELS: Final = (1, 3, 4)
_PLANE: Final = 2  # dimensions of a grey image; a colour image has one more
_FOLDER: Final = "images"


class Image:
    """An image to log, alone or in a table."""

    def __init__(self, image: np.ndarray[Any, Any] | PIL.Image.Image | str | list[Any]) -> None:
        """Take an image.

        Args:
            image: An array or nested list (height x width, or height x width x 1, 3 or 4
                channels; booleans, integers 0 to 255, or floats 0 to 1), a PIL image, or the path
                of an image file.
        """
        pillow = _pillow()
        if isinstance(image, (str, os.PathLike)):
            with pillow.open(image) as opened:
                opened.load()
                self.image: PIL.Image.Image = opened.copy()
        elif isinstance(image, pillow.Image):
            self.image = image
        elif isinstance(image, list) or _is_array(image):
            self.image = image_from_array(image)
        else:
            raise WrongTypeError(
                f"Unsupported image object type: {type(image)}. `image` must be one of "
                "numpy.ndarray, PIL.Image.Image, or a filepath to an image."
            )
        self.size = self.image.size

    def to_list(self) -> list[Any]:
        """Return the pixels, row by row: numbers, or one tuple a pixel."""
        flattened = getattr(self.image, "get_flattened_data", self.image.getdata)
        return list(flattened())

    def to_array(self) -> np.ndarray[Any, Any]:
        """Return the pixels as an array (height x width [x channels])."""
        import numpy as np  # noqa: PLC0415 - optional package

        return np.asarray(self.image)

    def to_pil(self) -> PIL.Image.Image:
        """Return the PIL image."""
        return self.image

    def resize(self, size: tuple[int, int]) -> Image:
        """Return a copy of another size.

        Args:
            size: Width and height in pixels.
        """
        return Image(self.image.resize(size))

    def save(self, path: str) -> None:
        """Write the image to a local file, in the format of its suffix.

        Args:
            path: The file.
        """
        self.image.save(path)


def _pillow() -> Any:
    import PIL.Image  # noqa: PLC0415 - optional package

    return PIL.Image


def _is_array(value: object) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def image_from_array(pixels: Any) -> PIL.Image.Image:
    """Return the PIL image of an array.

    Args:
        pixels: Height x width, or height x width x 1, 3 or 4 channels. Integers lie between 0 and
            255; floats between 0 and 1, others are stretched to that range with a warning; NaN is
            black.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    array = np.asarray(pixels)
    if array.ndim not in (_PLANE, _PLANE + 1):
        raise WrongValueError(
            f"`image` must be a 2D or 3D array but got image shape: {array.shape}"
        )
    if array.ndim > _PLANE and array.shape[2] not in _CHANNELS:
        raise WrongValueError(
            f"Invalid channel length: {array.shape[2]}. Must be one of {list(_CHANNELS)}"
        )
    if not array.size:
        raise WrongValueError(f"`image` has no pixels: its shape is {array.shape}")
    if array.ndim > _PLANE and array.shape[2] == 1:
        array = array[:, :, 0]
    image: PIL.Image.Image = _pillow().fromarray(np.ascontiguousarray(_bytes_of(array)))
    return image


def _bytes_of(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np  # noqa: PLC0415 - optional package

    if array.dtype.kind == "b":
        return array.astype(np.uint8) * 255
    if array.dtype.kind in "iu":
        low, high = int(array.min()), int(array.max())
        if low < 0 or high > 255:  # noqa: PLR2004 - the range of a byte
            raise WrongValueError(
                "Integer pixel values out of acceptable range [0, 255]. Found minimum value "
                f"{low} and maximum value {high}. Ensure all pixel values are within the "
                "specified range."
            )
        return array.astype(np.uint8)
    if array.dtype.kind == "f":
        return (_unit_range(array) * 255).astype(np.uint8)
    raise WrongTypeError(
        f"Invalid array data type: '{array.dtype}'. Must be one of ['bool', 'signed integer', "
        "'unsigned integer', 'floating']"
    )


def _unit_range(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return floats between 0 and 1: as they are, or stretched from what they span."""
    import numpy as np  # noqa: PLC0415 - optional package

    finite = array[np.isfinite(array)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if low < 0 or high > 1:
        warnings.warn(
            "Float pixel values out of acceptable range [0.0, 1.0]. Found minimum value "
            f"{low} and maximum value {high}. Rescaling values to [0.0, 1.0] with min/max scaler.",
            stacklevel=2,
        )
        span = high - low
        array = (array - low) / span if span else np.zeros_like(array)
    inside: np.ndarray[Any, Any] = np.nan_to_num(array, nan=0.0, posinf=1.0, neginf=0.0)
    return inside.clip(0.0, 1.0)


def pil_image(image: Any) -> PIL.Image.Image:
    """Return the PIL image of what a user gave to log.

    Args:
        image: An ``Image``, a PIL image or an array.
    """
    if isinstance(image, Image):
        return image.to_pil()
    found: PIL.Image.Image
    if _is_array(image):
        return image_from_array(image)
    if is_image(image):
        found = image
        return found
    raise WrongTypeError(
        f"Unsupported image object type: {type(image)}. `image` must be one of numpy.ndarray, "
        "PIL.Image.Image, and mlflow.Image."
    )


def is_image(value: object) -> bool:
    """Return whether a value is an ``Image`` or a PIL image."""
    pillow = sys.modules.get("PIL.Image")
    return isinstance(value, Image) or (pillow is not None and isinstance(value, pillow.Image))


def encoded(image: PIL.Image.Image, suffix: str) -> bytes:
    """Return an image file's content.

    Args:
        image: The image.
        suffix: The format's suffix, such as ".png".
    """
    image_format = _pillow().registered_extensions().get(suffix.lower())
    if image_format is None:
        raise WrongValueError(
            f"unknown file extension: {suffix!r}; an image's path ends in its format, as 'a.png'."
        )
    content = io.BytesIO()
    if image_format == "PNG" and image.mode in ("CMYK", "YCbCr", "HSV", "LAB"):
        image = image.convert("RGB")
    image.save(content, format=image_format)
    return content.getvalue()


def small_copy(image: PIL.Image.Image) -> PIL.Image.Image:
    """Return the image with its longer side at 256 pixels."""
    width, height = image.size
    longer = max(width, height)
    size = (max(1, width * _SMALL // longer), max(1, height * _SMALL // longer))
    return image.resize(size)


def series_path(key: str, step: float, timestamp_ms: float) -> str:
    """Return the path, without a suffix, of a new point in a series of images.

    Args:
        key: The series' name; its slashes become tildes.
        step: The point's step.
        timestamp_ms: The point's time, in milliseconds since 1970.
    """
    name = key.replace("/", "~")
    return f"{_FOLDER}/{name}+step+{step}+timestamp+{timestamp_ms}+{uuid.uuid4()}"


def log_image(
    repository: ArtifactRepository,
    tags: RunTags,
    image: Any,
    artifact_file: str | None = None,
    key: str | None = None,
    step: int | None = None,
    timestamp: int | None = None,
    *,
    submit: Callable[[Callable[[], None]], object] | None = None,
) -> None:
    """Log an image as one file, or as a point in a series.

    Args:
        repository: Where the run's artifacts are.
        tags: The run's tags.
        image: An ``Image``, a PIL image or an array.
        artifact_file: Path of a static image; not together with the arguments after it.
        key: Name of the series.
        step: The point's step; 0 by default.
        timestamp: The point's time in milliseconds since 1970; now by default.
        submit: Runs the encoding and writing of a point later; at once when None.
    """
    if artifact_file is not None and any(x is not None for x in (key, step, timestamp)):
        raise WrongTypeError(
            "The `artifact_file` parameter cannot be used in conjunction with `key`, `step`, or "
            "`timestamp` parameters: a static image has a path only."
        )
    if artifact_file is not None:
        path = file_path(artifact_file)
        content = encoded(pil_image(image), suffix_of(path))
        _write(repository, path, content)
        return
    if key is None:
        raise WrongTypeError(
            "Invalid arguments: Please specify exactly one of `artifact_file` or `key`: "
            "`artifact_file` logs a static image, `key` a point in a series of images."
        )
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise WrongValueError(
            "The `key` parameter may only contain alphanumerics, underscores (_), dashes (-), "
            "periods (.), spaces ( ), and slashes (/). The provided key "
            f"{key!r} contains invalid characters."
        )
    base = series_path(key, step or 0, clock.now_ms() if timestamp is None else timestamp)
    # A copy: the caller may draw on while the point waits to be written.
    picture = pil_image(image).copy() if submit else pil_image(image)

    def write() -> None:
        _write(repository, f"{base}.png", encoded(picture, ".png"))
        _write(repository, f"{base}+compressed.webp", encoded(small_copy(picture), ".webp"))

    if submit:
        submit(write)
    else:
        write()
    tags.set(MLFLOW_LOGGED_IMAGES, "True")


def _write(repository: ArtifactRepository, path: str, content: bytes) -> None:
    with repository.writer(path) as file:
        file.write(content)
