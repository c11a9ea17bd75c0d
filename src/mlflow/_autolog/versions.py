"""The libraries that have an integration: what is imported, and the versions that are known."""

from __future__ import annotations

from typing import Final, NamedTuple

from packaging.version import InvalidVersion, Version

from mlflow.models.environment import installed_version


class Library(NamedTuple):
    """A row of the table.

    Attributes:
        flavor: The integration, in ``mlflow.<flavor>``.
        distribution: Whose version counts.
        minimum: The oldest version that is known to work.
        maximum: The newest one; later ones of the same minor release count as known.
    """

    flavor: str
    distribution: str
    minimum: str
    maximum: str


# The module whose import switches the integration on -> its row.
LIBRARIES: Final = {
    "pyspark": Library("pyspark.ml", "pyspark", "3.4.0", "4.3.0"),
    "keras": Library("keras", "keras", "3.0.2", "3.15.1"),
    "lightning": Library("pytorch", "lightning", "2.0.0", "2.6.6"),
    "pytorch_lightning": Library("pytorch", "pytorch-lightning", "2.0.0", "2.6.6"),
    "sklearn": Library("sklearn", "scikit-learn", "1.6.0", "1.9.1"),
    "xgboost": Library("xgboost", "xgboost", "2.1.2", "3.4.1"),
    "lightgbm": Library("lightgbm", "lightgbm", "4.6.0", "4.7.0"),
    "statsmodels": Library("statsmodels", "statsmodels", "0.14.5", "0.15.0"),
    "tensorflow": Library("tensorflow", "tensorflow", "2.15.1", "2.21.0"),
    "transformers": Library("transformers", "transformers", "4.56.0", "5.24.0"),
}


def unsupported(flavor: str) -> str | None:
    """Return what is wrong with the installed version of a flavor's library, None if nothing.

    Args:
        flavor: The integration; one that the table does not know has no unsupported version.
    """
    rows = [row for row in LIBRARIES.values() if row.flavor == flavor]
    found = [(row, version) for row in rows if (version := installed_version(row.distribution))]
    if not found or any(_is_known(version, row) for row, version in found):
        return None
    row, version = found[0]
    return (
        f"{row.distribution} {version} is installed; {flavor} autologging is known to work with"
        f" {row.minimum} to {row.maximum}"
    )


def _is_known(version: str, row: Library) -> bool:
    try:
        parsed = Version(version)
    except InvalidVersion:
        return True
    newest = Version(row.maximum).release[:2]
    return Version(row.minimum) <= parsed and parsed.release[:2] <= newest
