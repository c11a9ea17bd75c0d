"""Pictures of a trained model: drawn and written in the background, where Pillow is there."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any, Final

from mlflow._autolog.plot import BLACK, BLUE, GREY, WHITE, Plot, mixed
from mlflow.tracking import fluent
from mlflow.tracking.async_artifacts import write_aside
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_CROWDED: Final = 12  # classes whose shares are not written into a confusion matrix
_TICKS: Final = 25  # classes that are named at most
_SIZE: Final = (640, 480)
_PALE: Final = (247, 251, 255)
_DEEP: Final = (8, 48, 107)
_SHADE: Final = 0.5  # above it, text is white


def write_text(text: str | Callable[[], str], file: str, *, run_id: str, uri: str | None) -> None:
    """Keep a text as an artifact, in the background.

    Args:
        text: The text, or what makes it.
        file: Its path in the artifacts.
        run_id: The run.
        uri: The tracking URI of the run's store.
    """
    write_aside(
        lambda: MlflowClient(uri).log_text(run_id, text if isinstance(text, str) else text(), file)
    )


def draw(figures: dict[str, Callable[[], Any]]) -> None:
    """Draw pictures of the active run and keep them as artifacts, in the background.

    Args:
        figures: For each path in the artifacts, what draws it.
    """
    run = fluent.active_run()
    if run is None or importlib.util.find_spec("PIL") is None:
        return
    run_id, uri = run.info.run_id, run.tracking_uri

    def write() -> None:
        client = MlflowClient(uri)
        for file, make in figures.items():
            client.log_image(run_id, make(), file)

    write_aside(write)


def confusion_matrix(matrix: Any, labels: Sequence[Any]) -> Any:
    """Return the picture of a confusion matrix.

    Args:
        matrix: Shares by true and predicted class.
        labels: The classes.
    """
    left, top, side, count = 170, 44, 340, len(labels)
    box = (left, top, left + side, top + side)
    plot = Plot("Normalized confusion matrix", "Predicted label", "True label", _SIZE, box)
    cell = side / count
    for row in range(count):
        for column in range(count):
            share = float(matrix[row][column])
            x, y = left + column * cell, top + row * cell
            plot.fill((x, y, x + cell, y + cell), mixed(share, _PALE, _DEEP))
            if count <= _CROWDED:
                color = WHITE if share > _SHADE else BLACK
                plot.text((x + cell / 2, y + cell / 2), f"{share:.2f}", "mm", color=color)
    plot.frame()
    step = -(-count // _TICKS)
    named = [((place + 0.5) * cell, str(labels[place])) for place in range(0, count, step)]
    plot.x_ticks([(left + at, text) for at, text in named], cell * step - 6)
    plot.y_ticks([(top + at, text) for at, text in named])
    return plot.image


def curve(x: Any, y: Any, *, title: str, x_label: str, y_label: str, label: str) -> Any:
    """Return the picture of a curve between 0 and 1.

    Args:
        x: The points' first numbers.
        y: Their second numbers.
        title: What it shows.
        x_label: What the first numbers are.
        y_label: What the second numbers are.
        label: The curve's name.
    """
    left, top, right, bottom = box = (70, 44, 610, 420)
    plot = Plot(title, x_label, y_label, _SIZE, box)
    width, height = right - left, bottom - top
    for tick in range(1, 5):
        at = bottom - tick * height // 5
        plot.fill((left + 1, at, right - 1, at), GREY)
    plot.curve([(float(one), float(other)) for one, other in zip(x, y, strict=True)])
    plot.frame()
    plot.x_ticks([(left + tick * width / 5, f"{tick / 5:.1f}") for tick in range(6)], width / 5)
    plot.y_ticks([(bottom - tick * height / 5, f"{tick / 5:.1f}") for tick in range(6)])
    plot.text((right - 12, bottom - 14), label, "rs")
    return plot.image


def importances(values: dict[str, Any], kind: str) -> Any:
    """Return the picture of how much each feature counts, the ten greatest at most.

    Args:
        values: A number for each feature, or one for each class.
        kind: What the numbers are.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    numbers = {name: float(np.sum(np.abs(value))) for name, value in values.items()}
    greatest = sorted(numbers, key=lambda name: numbers[name])[-10:][::-1]
    left, top, right, bottom = box = (300, 44, 960, 420)
    plot = Plot(f"Feature Importance ({kind})", "Importance", "Feature", (1000, 480), box)
    most = max((numbers[name] for name in greatest), default=0.0)
    most = most if 0 < most < float("inf") else 1.0
    step = (bottom - top) / max(len(greatest), 1)
    for place, name in enumerate(greatest):
        y = top + place * step
        length = (right - left - 60) * min(max(numbers[name] / most, 0.0), 1.0)
        plot.fill((left + 1, y + step * 0.15, left + 1 + length, y + step * 0.85), BLUE)
        plot.text((left + length + 8, y + step / 2), f"{numbers[name]:.4g}", "lm")
    plot.y_ticks([(top + (at + 0.5) * step, str(name)) for at, name in enumerate(greatest)])
    return plot.image
