"""A tag that says how a run used a dataset."""

from mlflow.entities._entity import KeyValue


class InputTag(KeyValue):
    """A tag that says how a run used a dataset."""

    __slots__ = ()
