"""The schema of data that is features and targets, each of tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.exceptions import MlflowException
from mlflow.types.schema import Schema

if TYPE_CHECKING:
    from typing_extensions import Self


class TensorDatasetSchema:
    """Schemas of features and of targets."""

    def __init__(self, features: Schema, targets: Schema | None = None) -> None:
        """Keep both.

        Args:
            features: The features' schema.
            targets: The targets' schema.
        """
        if not isinstance(features, Schema):
            raise MlflowException.invalid_parameter_value(
                f"features must be mlflow.types.Schema, got '{type(features)}'"
            )
        if targets is not None and not isinstance(targets, Schema):
            raise MlflowException.invalid_parameter_value(
                f"targets must be either None or mlflow.types.Schema, got '{type(targets)}'"
            )
        self.features = features
        self.targets = targets

    def to_dict(self) -> dict[str, Any]:
        """Return both schemas as JSON."""
        return {
            "mlflow_tensorspec": {
                "features": self.features.to_json(),
                "targets": self.targets.to_json() if self.targets is not None else None,
            }
        }

    @classmethod
    def from_dict(cls, schema_dict: dict[str, Any]) -> Self:
        """Return the schema that ``to_dict`` described.

        Args:
            schema_dict: The fields.
        """
        if "mlflow_tensorspec" not in schema_dict:
            raise MlflowException.invalid_parameter_value(
                "TensorDatasetSchema dictionary is missing expected key 'mlflow_tensorspec'"
            )
        fields = schema_dict["mlflow_tensorspec"]
        targets = fields.get("targets")
        return cls(
            features=Schema.from_json(fields["features"]),
            targets=Schema.from_json(targets) if targets is not None else None,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TensorDatasetSchema):
            return NotImplemented
        return self.features == other.features and self.targets == other.targets

    __hash__ = None  # type: ignore[assignment]  # schemas have no hash

    def __repr__(self) -> str:
        return f"features:\n  {self.features}\ntargets:\n  {self.targets}\n"
