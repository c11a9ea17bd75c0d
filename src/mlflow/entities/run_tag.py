"""A tag of a run."""

from mlflow.entities._entity import KeyValue


class RunTag(KeyValue):
    """A tag of a run."""

    __slots__ = ()
