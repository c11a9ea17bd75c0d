"""Everything about one run, for a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mlflow.cli.output import duration_text, number_text, printable, table_text, time_text
from mlflow.cli.run_columns import duration_ms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlflow.entities.run import Run
    from mlflow.store.entities.run_liveness import RunLiveness


def describe_run(run: Run, documents: Sequence[str], liveness: Sequence[RunLiveness] = ()) -> str:
    """Return a description in several sections.

    Args:
        run: The run.
        documents: The names of the documents kept with it.
        liveness: When its client was last heard of, if the store knows.
    """
    info, data = run.info, run.data
    heard = next((one.last_heartbeat for one in liveness), None)
    stale = next((one.stale_since for one in liveness), None)
    status = info.status if stale is None else f"{info.status}, stale since {time_text(stale)}"
    fields = [
        ("Run ID", info.run_id),
        ("Name", info.run_name),
        ("Experiment ID", info.experiment_id),
        ("Status", status),
        *([("Last heartbeat", time_text(heard))] if heard is not None else []),
        ("Start", time_text(info.start_time)),
        ("Duration", duration_text(duration_ms(run)) or "still running"),
        ("User", info.user_id),
        ("Lifecycle Stage", info.lifecycle_stage),
        ("Artifacts", info.artifact_uri),
    ]
    sections = ["\n".join(f"{name:<15} : {printable(value or '')}" for name, value in fields)]
    points = {point.key: point.step for point in data._metric_objs}  # noqa: SLF001 - for the steps
    sections += _section("Params", ("Param", "Value"), sorted(data.params.items()))
    sections += _section(
        "Metrics",
        ("Metric", "Last value", "Step"),
        [(key, number_text(value), points[key]) for key, value in sorted(data.metrics.items())],
    )
    sections += _section("Tags", ("Tag", "Value"), sorted(data.tags.items()))
    inputs = run.inputs.dataset_inputs if run.inputs else []
    sections += _section(
        "Datasets",
        ("Dataset", "Digest", "Source type", "Context"),
        [
            (
                one.dataset.name,
                one.dataset.digest,
                one.dataset.source_type,
                json.dumps({tag.key: tag.value for tag in one.tags}) if one.tags else "",
            )
            for one in inputs
        ],
    )
    models: list[tuple[str, str, int | None]] = [
        ("input", one.model_id, None) for one in (run.inputs.model_inputs if run.inputs else [])
    ]
    models += [
        ("output", one.model_id, one.step)
        for one in (run.outputs.model_outputs if run.outputs else [])
    ]
    sections += _section("Models", ("Role", "Model ID", "Step"), models)
    sections += _section("Documents", ("Document",), [(name,) for name in documents])
    return "\n\n".join(sections)


def _section(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    return [f"{title}\n{table_text(header, rows)}"] if rows else []
