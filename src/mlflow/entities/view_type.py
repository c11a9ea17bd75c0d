"""Which entities a search looks at: those that exist, those that are deleted, or both."""

from typing import ClassVar

from mlflow.exceptions import MlflowException


class ViewType:
    """The three views, as the numbers of the wire protocol."""

    ACTIVE_ONLY: ClassVar[int] = 1
    DELETED_ONLY: ClassVar[int] = 2
    ALL: ClassVar[int] = 3

    _NAMES: ClassVar[dict[int, str]] = {1: "active_only", 2: "deleted_only", 3: "all"}

    @classmethod
    def from_string(cls, view_str: str) -> int:
        """Return the view with this name.

        Raises:
            MlflowException: No view has this name.
        """
        for view, name in cls._NAMES.items():
            if name == view_str:
                return view
        raise MlflowException.invalid_parameter_value(
            f"{view_str!r} is no view type; choose one of {', '.join(cls._NAMES.values())}."
        )

    @classmethod
    def to_string(cls, view_type: int) -> str:
        """Return the name of a view.

        Raises:
            MlflowException: No view has this number.
        """
        if view_type not in cls._NAMES:
            raise MlflowException.invalid_parameter_value(
                f"{view_type!r} is no view type; choose one of {list(cls._NAMES)}."
            )
        return cls._NAMES[view_type]

    @classmethod
    def to_proto(cls, view_type: int) -> int:
        """Return the view's number on the wire, which is the view itself."""
        return view_type

    @classmethod
    def from_proto(cls, proto_view_type: int) -> int:
        """Return the view with this number on the wire, which is the number itself."""
        return proto_view_type
