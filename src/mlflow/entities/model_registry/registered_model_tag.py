"""A tag of a registered model."""

from mlflow.entities._entity import KeyValue


class RegisteredModelTag(KeyValue):
    """A tag of a registered model."""

    __slots__ = ()
