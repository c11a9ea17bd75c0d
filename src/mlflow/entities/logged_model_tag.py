"""A tag of a logged model."""

from mlflow.entities._entity import KeyValue


class LoggedModelTag(KeyValue):
    """A tag of a logged model."""

    __slots__ = ()
