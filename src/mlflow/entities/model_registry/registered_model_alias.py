"""A name for one version of a registered model."""

from mlflow.entities._entity import ByValue, ReadOnly


class RegisteredModelAlias(ByValue):
    """A name for one version of a registered model."""

    __slots__ = ("_alias", "_version")

    def __init__(self, alias: str, version: int | str) -> None:
        self._alias = alias
        self._version = version

    alias = ReadOnly[str]("_alias", "The name.")
    version = ReadOnly["int | str"]("_version", "The version that it names.")
