"""Whether an entity exists or is deleted; deleted ones can be restored until they are purged."""

from typing import ClassVar

from mlflow.entities.view_type import ViewType
from mlflow.exceptions import MlflowException


class LifecycleStage:
    """The two stages, and which views show them."""

    ACTIVE: ClassVar[str] = "active"
    DELETED: ClassVar[str] = "deleted"

    _SHOWN_BY: ClassVar[dict[int, tuple[str, ...]]] = {
        ViewType.ACTIVE_ONLY: ("active",),
        ViewType.DELETED_ONLY: ("deleted",),
        ViewType.ALL: ("active", "deleted"),
    }

    @classmethod
    def view_type_to_stages(cls, view_type: int = ViewType.ALL) -> list[str]:
        """Return the stages that a view shows."""
        return list(cls._SHOWN_BY.get(view_type, ()))

    @classmethod
    def is_valid(cls, lifecycle_stage: str) -> bool:
        """Return whether this is the name of a stage."""
        return lifecycle_stage in cls._SHOWN_BY[ViewType.ALL]

    @classmethod
    def matches_view_type(cls, view_type: int, lifecycle_stage: str) -> bool:
        """Return whether a view shows a stage.

        Raises:
            MlflowException: There is no such stage or no such view.
        """
        if not cls.is_valid(lifecycle_stage):
            raise MlflowException(
                f"{lifecycle_stage!r} is no lifecycle stage; it is active or deleted."
            )
        if view_type not in cls._SHOWN_BY:
            raise MlflowException(
                f"{view_type!r} is no view type; choose one of {list(cls._SHOWN_BY)}."
            )
        return lifecycle_stage in cls._SHOWN_BY[view_type]
