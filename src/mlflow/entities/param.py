"""A parameter of a run: fixed once it is logged."""

from mlflow.entities._entity import Parameter


class Param(Parameter):
    """A parameter of a run: fixed once it is logged."""

    __slots__ = ()
