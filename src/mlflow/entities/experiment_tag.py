"""A tag of an experiment."""

from mlflow.entities._entity import KeyValue


class ExperimentTag(KeyValue):
    """A tag of an experiment."""

    __slots__ = ()
