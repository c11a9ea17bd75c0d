"""What an evaluator is asked, and where it puts what it finds."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from mlflow._evaluate import artifacts as kinds
from mlflow._evaluate.curves import can_draw
from mlflow._evaluate.subject import column_of, timed
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mlflow._evaluate.artifacts import EvaluationArtifact
    from mlflow._evaluate.curves import Drawn
    from mlflow._evaluate.metric import MetricValue
    from mlflow._evaluate.subject import Subject
    from mlflow.data.evaluation_dataset import EvaluationDataset

_logger: Final = logging.getLogger(__name__)


class Question:
    """A subject, data and an evaluator's configuration; predictions are made once."""

    def __init__(
        self,
        subject: Subject,
        data: EvaluationDataset,
        config: dict[str, Any],
        *,
        predictions_name: str | None = None,
        with_latency: bool = False,
    ) -> None:
        """Keep the parts.

        Args:
            subject: What is evaluated.
            data: On what.
            config: The evaluator's configuration.
            predictions_name: The column of predictions in the model's output.
            with_latency: Predict row by row, and measure each.
        """
        self.subject = subject
        self.data = data
        self.config = config
        self._predictions_name = predictions_name
        self._with_latency = with_latency
        self.seconds: MetricValue | None = None

    @property
    def targets(self) -> Any:
        """The targets: an array."""
        return self.data.labels_data

    @property
    def weights(self) -> Any:
        """The rows' weights, or None."""
        return self.config.get("sample_weights")

    @cached_property
    def _output(self) -> tuple[Any, dict[str, Any]]:
        if self.subject.predict is None:
            return self.data.predictions_data, {}
        features = self.data.features_data
        if not self._with_latency:
            return column_of(self.subject.predict(features.copy()), self._predictions_name)
        outputs, self.seconds = timed(self.subject.predict, features)
        return self._joined([column_of(row, self._predictions_name) for row in outputs])

    @staticmethod
    def _joined(rows: list[tuple[Any, dict[str, Any]]]) -> tuple[Any, dict[str, Any]]:
        import numpy as np  # noqa: PLC0415 - optional package

        if not rows:
            return np.empty(0), {}
        names = rows[0][1]
        others = {name: np.concatenate([list(row[name]) for _, row in rows]) for name in names}
        return np.concatenate([np.atleast_1d(predicted) for predicted, _ in rows]), others

    @property
    def predictions(self) -> Any:
        """The predictions: an array.

        Raises:
            MlflowException: there are none, or not one for each row.
        """
        found = self._output[0]
        if found is None:
            raise MlflowException.invalid_parameter_value(
                "Either a model or set of predictions must be specified in order to use the"
                " default evaluator: give `model`, the column `predictions` of the data, or a"
                " dataset with predictions."
            )
        if len(found) != len(self.data.features_data):
            raise MlflowException.invalid_parameter_value(
                f"The model gave {len(found)} predictions for {len(self.data.features_data)} rows."
            )
        return found

    @property
    def other_outputs(self) -> dict[str, Any]:
        """The other columns of the model's output."""
        return self._output[1]

    def score(self) -> float | None:
        """Return what the model's own ``score`` says, where it has one."""
        return self.subject.score(self.data.features_data, self.targets, self.weights)

    def probabilities(self, labels: list[Any]) -> Any:
        """Return the probability of each class for each row, or None where it is not known.

        Args:
            labels: The classes, in the order that is wanted.
        """
        import numpy as np  # noqa: PLC0415 - optional package

        matrix = self.subject.probabilities(self.data.features_data)
        if matrix is None:
            return None
        matrix = np.asarray(matrix)
        known = list(getattr(self.subject.raw, "classes_", sorted(labels)))
        if len(known) != matrix.shape[1] or any(label not in known for label in labels):
            _logger.warning(
                "The data has classes that the model does not know:"
                " metrics of probabilities are left out."
            )
            return None
        chosen = matrix[:, [known.index(label) for label in labels]]
        if len(known) == len(labels):
            return chosen
        return chosen / chosen.sum(axis=1, keepdims=True).clip(1e-12)


@dataclass
class Findings:
    """Where an evaluator puts what it finds.

    Attributes:
        prefix: Stands before each metric's name and each file's.
        folder: Where files are written until they are logged.
        metrics: The figures.
        values: The metrics of users, whole.
        artifacts: The artifacts, each with its file.
    """

    prefix: str
    folder: Path
    metrics: dict[str, Any] = field(default_factory=dict)
    values: dict[str, MetricValue] = field(default_factory=dict)
    artifacts: dict[str, tuple[EvaluationArtifact, Path]] = field(default_factory=dict)

    def add_metric(self, name: str, number: Any) -> None:
        """Add a figure."""
        self.metrics[name] = number

    def add_metrics(self, numbers: dict[str, Any]) -> None:
        """Add figures."""
        self.metrics.update(numbers)

    def add_artifact(self, name: str, value: Any, where: str = "The evaluation") -> None:
        """Add an artifact.

        Args:
            name: Its name.
            value: What it is; see ``artifacts.from_value``.
            where: What to say in an error of where it came from.
        """
        made, path = kinds.from_value(name, value, self.folder, where)
        target = self.folder / f"{self.prefix}{name}{path.suffix}"
        if path != target:
            target.write_bytes(path.read_bytes())
        self.artifacts[name] = (made, target)

    def add_figures(self, drawn: Iterable[Drawn]) -> None:
        """Add figures, where they can be drawn.

        Args:
            drawn: The name of each, and what draws it.
        """
        if not can_draw():
            _logger.warning("matplotlib is not installed: no figures are drawn.")
            return
        for name, draw in drawn:
            self.add_artifact(name, draw())
