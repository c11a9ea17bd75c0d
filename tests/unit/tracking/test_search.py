"""Searches as lists and DataFrames."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.exceptions import MlflowException
from mlflow.tracking import fluent

if TYPE_CHECKING:
    from mlflow.tracking.client import MlflowClient

_FIELDS = ["run_id", "experiment_id", "status", "artifact_uri", "start_time", "end_time"]


def _table(**arguments: Any) -> pd.DataFrame:
    found = fluent.search_runs(**arguments)
    assert isinstance(found, pd.DataFrame)
    return found


def test_a_table_has_a_row_for_each_run(client: MlflowClient) -> None:
    """Fields first, then metrics, params and tags; what a run lacks is missing."""
    first = client.create_run("0", 1000, {"team": "x"}, "one").info.run_id
    client.log_batch(first, [Metric("m", 1.5, 0, 0)], [Param("p", "v")])
    client.set_terminated(first, end_time=2500)
    second = client.create_run("0", 3000, {}, "two").info.run_id
    client.log_metric(second, "n", math.inf)
    table = _table()
    assert list(table.columns)[:6] == _FIELDS
    assert set(table.columns[6:]) == {
        "metrics.m",
        "metrics.n",
        "params.p",
        "tags.mlflow.runName",
        "tags.team",
    }
    kinds = [name.split(".")[0] for name in table.columns[6:]]
    assert kinds == sorted(kinds)
    rows = table.set_index("run_id")
    assert rows.loc[first, "start_time"] == pd.Timestamp(1000, unit="ms", tz="UTC")
    assert rows.loc[first, "end_time"] == pd.Timestamp(2500, unit="ms", tz="UTC")
    assert pd.isna(rows.loc[second, "end_time"])
    assert rows.loc[first, "metrics.m"] == 1.5
    assert rows.loc[second, "metrics.n"] == math.inf
    assert pd.isna(rows.loc[second, "metrics.m"])
    assert pd.isna(rows.loc[second, "params.p"])
    assert rows.loc[first, "tags.team"] == "x"
    assert table["metrics.m"].dtype == "float64"
    assert list(table["run_id"].values) == [second, first]


def test_a_search_without_runs_gives_an_empty_table(client: MlflowClient) -> None:
    """The fields are there, so that programs can index them."""
    table = _table(filter_string="tags.none = 'x'")
    assert list(table.columns) == _FIELDS
    assert len(table) == 0
    assert client.tracking_uri


def test_a_search_looks_where_it_is_told(client: MlflowClient) -> None:
    """By id, by name, in all experiments, or in the one in force."""
    other = client.create_experiment("other")
    here, there = client.create_run("0").info.run_id, client.create_run(other).info.run_id

    def ids(**arguments: Any) -> list[str]:
        found: Any = fluent.search_runs(output_format="list", **arguments)
        return sorted(run.info.run_id for run in found)

    assert ids() == [here]
    assert ids(experiment_ids=[]) == [here]
    assert ids(experiment_ids=[other]) == [there]
    assert ids(experiment_ids=other) == [there]
    assert ids(experiment_names=["other", "missing"]) == [there]
    assert ids(experiment_names=["missing"]) == []
    assert ids(search_all_experiments=True) == sorted([here, there])
    fluent.set_experiment("other")
    assert ids() == [there]


def test_max_results_is_over_all_pages(client: MlflowClient) -> None:
    """At most that many rows, in order; none at all for zero."""
    for number in range(5):
        client.create_run("0", start_time=number)
    assert len(_table(max_results=3)) == 3
    assert len(_table(max_results=0)) == 0
    starts = list(_table(order_by=["start_time ASC"])["start_time"])
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "arguments",
    [
        {"output_format": "csv"},
        {"experiment_ids": ["0"], "experiment_names": ["Default"]},
        {"filter_string": "metrics.m >"},
        {"experiment_ids": {"0": 1}},
    ],
)
def test_a_wrong_search_is_refused(client: MlflowClient, arguments: dict[str, Any]) -> None:
    """Formats, contradictions, bad filters and wrong types."""
    with pytest.raises(MlflowException) as caught:
        fluent.search_runs(**arguments)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert client.tracking_uri
