"""A tag of a version of a registered model."""

from mlflow.entities._entity import KeyValue


class ModelVersionTag(KeyValue):
    """A tag of a version of a registered model."""

    __slots__ = ()
