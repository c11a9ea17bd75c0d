"""What a dataset's source is: where data came from, as text that can be kept and read again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self


class DatasetSource:
    """Where data came from."""

    @staticmethod
    def _get_source_type() -> str:
        raise NotImplementedError

    def load(self) -> Any:
        """Fetch what the source refers to; what that is depends on the kind of source."""
        raise NotImplementedError

    @staticmethod
    def _can_resolve(raw_source: Any) -> bool:
        """Return whether this kind of source understands what a user gave."""
        del raw_source
        return False

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        """Return the source that a user means; only called after ``_can_resolve``."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """Return the fields that ``from_dict`` needs."""
        raise NotImplementedError

    def to_json(self) -> str:
        """Return ``to_dict`` as JSON."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        """Return the source that ``to_dict`` described.

        Args:
            source_dict: The fields.
        """
        raise NotImplementedError

    @classmethod
    def from_json(cls, source_json: str) -> Self:
        """Return the source that ``to_json`` described.

        Args:
            source_json: The text.
        """
        return cls.from_dict(json.loads(source_json))
