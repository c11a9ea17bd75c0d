"""The skops format: estimators as JSON and arrays, their types checked against a list.

What is trusted is decided here, never by the file that is read nor by the MLmodel beside it:
whoever wrote the model wrote both.
"""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import MlflowException
from mlflow.models.choke import admit_code
from mlflow.sklearn import plain_skops
from mlflow.sklearn.plain_skops import NotPlainError

if TYPE_CHECKING:
    from pathlib import Path


def dump(model: Any, path: Path) -> tuple[frozenset[str], list[str]]:
    """Write an estimator; return the modules that the file names, and what nobody vouches for.

    Args:
        model: The estimator.
        path: The file; it is not written if skops cannot hold the model.
    """
    if plain_skops.is_usable():
        try:
            return plain_skops.write(model, path), []
        except NotPlainError:
            pass
    import skops.io  # noqa: PLC0415 - optional package
    from skops.io.exceptions import UnsupportedTypeException  # noqa: PLC0415 - optional package

    try:
        skops.io.dump(model, path)
    except UnsupportedTypeException:
        return frozenset(), [f"{type(model).__module__}.{type(model).__qualname__}"]
    with zipfile.ZipFile(path) as archive:
        named = plain_skops.named_modules(json.loads(archive.read("schema.json")))
    return named, sorted(skops.io.get_untrusted_types(file=path))


def load(path: Path) -> Any:
    """Return the estimator in a file.

    A file with types that skops does not vouch for can run code, so the policy for such formats
    decides over it.

    Raises:
        MlflowException: the file is damaged, or the policy refuses it.
    """
    try:
        return plain_skops.read(path)
    except NotPlainError:
        return _load_with_skops(path)
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise MlflowException(
            f"{path.name} is not a readable skops file: {type(error).__name__}: {error}"
        ) from error


def _load_with_skops(path: Path) -> Any:
    import skops.io  # noqa: PLC0415 - optional package
    from skops.io.exceptions import UntrustedTypesFoundException  # noqa: PLC0415 - optional package

    try:
        return skops.io.load(path)
    except UntrustedTypesFoundException:
        unknown = sorted(skops.io.get_untrusted_types(file=path))
    admit_code(f"skops, with types that it does not vouch for ({', '.join(unknown)}),", path)
    return skops.io.load(path, trusted=unknown)
