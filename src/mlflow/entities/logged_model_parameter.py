"""A parameter of a logged model."""

from mlflow.entities._entity import Parameter


class LoggedModelParameter(Parameter):
    """A parameter of a logged model."""

    __slots__ = ()
