"""Runs in both implementations: makes the same data, asks the same searches, returns the answers.

Ids differ between two stores, and ties go by id: so runs and models are made first, their ids are
sorted, and the n-th id gets the n-th row of data. What no call can set is set in the database.
"""

import sqlite3
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag
from mlflow.exceptions import MlflowException

DATABASE = "parity.db"


def main(payload: dict[str, Any]) -> dict[str, Any]:
    client = MlflowClient(f"sqlite:///{DATABASE}")
    answer = {}
    if "runs" in payload:
        answer["runs"] = _search_runs(client, payload)
    if "experiments" in payload:
        answer["experiments"] = _search_experiments(client, payload)
    if "models" in payload:
        answer["models"] = _search_models(client, payload)
    return answer


def _update(ours: str, upstream: str, rows: list[tuple[Any, ...]]) -> None:
    """Set columns that no call can set; ``rows`` hold the values and the id."""
    with sqlite3.connect(DATABASE, timeout=60) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        database.executemany(ours if "hr_runs" in tables else upstream, rows)
    database.close()


def _paged(search: Any, keep: Any, options: dict[str, Any], pages: int) -> Any:
    """Return all results, or the first pages of them, or the code of the error."""
    found: list[Any] = []
    token = None
    try:
        for _ in range(pages):
            page = search(page_token=token, **options)
            found += [keep(each) for each in page]
            token = page.token
            if not token:
                break
    except MlflowException as error:
        return error.error_code
    return found


# Runs


def _search_runs(client: MlflowClient, payload: dict[str, Any]) -> list[Any]:
    rows = payload["runs"]
    experiments = [client.create_experiment(name) for name in payload["run_experiments"]]
    ids = sorted(client.create_run(experiments[0], start_time=1).info.run_id for _ in rows)
    _update(
        "UPDATE hr_runs SET start_time = ?, experiment_id = ? WHERE run_uuid = ?",
        "UPDATE runs SET start_time = ?, experiment_id = ? WHERE run_uuid = ?",
        [
            (row["start_time"], int(experiments[row["experiment"]]), run_id)
            for row, run_id in zip(rows, ids)
        ],
    )
    for row, run_id in zip(rows, ids):
        _fill_run(client, run_id, row)
    for row in rows:
        if row["deleted"]:
            client.delete_run(ids[row["number"]])
    numbers = {run_id: number for number, run_id in enumerate(ids)}
    answers = []
    for query in payload["run_queries"]:
        text = query["filter"]
        for number in range(len(rows)):
            if "{run:" not in text:
                break
            text = text.replace("{run:%d}" % number, ids[number])
        options = {
            "experiment_ids": [experiments[place] for place in query["experiments"]],
            "filter_string": text,
            "run_view_type": query["view"],
            "max_results": query["page"],
            "order_by": query["order"],
        }
        answers.append(
            _paged(
                client.search_runs, lambda run: numbers[run.info.run_id], options, query["pages"]
            )
        )
    return answers


def _fill_run(client: MlflowClient, run_id: str, row: dict[str, Any]) -> None:
    client.log_batch(
        run_id,
        [Metric(key, float(value), 1, 0) for key, value in row["metrics"].items()],
        [Param(key, value) for key, value in row["params"].items()],
        [RunTag(key, value) for key, value in row["tags"].items()],
    )
    client.update_run(run_id, status=row["status"], name=row["name"])
    if row["end_time"] is not None:
        client.set_terminated(run_id, row["status"], row["end_time"])
    inputs = []
    for name, digest, context in row["datasets"]:
        tags = [] if context is None else [InputTag("mlflow.data.context", context)]
        inputs.append(DatasetInput(Dataset(name, digest, "local", "here"), tags))
    if inputs:
        client.log_inputs(run_id, inputs)


# Experiments


def _search_experiments(client: MlflowClient, payload: dict[str, Any]) -> list[Any]:
    times = []
    names = {}
    for row in payload["experiments"]:
        made = client.create_experiment(row["name"], tags=row["tags"])
        names[made] = row["name"]
        times.append((row["creation_time"], row["last_update_time"], int(made)))
    for row, (_, _, number) in zip(payload["experiments"], times):
        if row["deleted"]:
            client.delete_experiment(str(number))
    times += [
        (1, 1, int(each.experiment_id))
        for each in client.search_experiments(view_type=3)
        if each.experiment_id not in names
    ]
    setting = "experiments SET creation_time = ?, last_update_time = ? WHERE"
    _update(f"UPDATE hr_{setting} id = ?", f"UPDATE {setting} experiment_id = ?", times)
    first = min(int(number) for number in names)
    answers = []
    for query in payload["experiment_queries"]:
        text = query["filter"]
        for number in range(len(names)):
            text = text.replace("{id:%d}" % number, str(first + number))
        options = {
            "filter_string": text,
            "view_type": query["view"],
            "max_results": query["page"],
            "order_by": query["order"],
        }
        answers.append(
            _paged(client.search_experiments, lambda each: each.name, options, query["pages"])
        )
    return answers


# Logged models


def _search_models(client: MlflowClient, payload: dict[str, Any]) -> list[Any]:
    rows = payload["models"]
    experiments = [client.create_experiment(name) for name in payload["model_experiments"]]
    ids = sorted(client.create_logged_model(experiments[0]).model_id for _ in rows)
    values = [
        (
            row["name"],
            row["model_type"],
            row["creation"],
            row["update"],
            int(experiments[row["experiment"]]),
            model_id,
        )
        for row, model_id in zip(rows, ids)
    ]
    _update(
        "UPDATE hr_logged_models SET name = ?, model_type = ?, creation_time = ?,"
        " last_update_time = ?, experiment_id = ? WHERE model_uuid = ?",
        "UPDATE logged_models SET name = ?, model_type = ?, creation_timestamp_ms = ?,"
        " last_updated_timestamp_ms = ?, experiment_id = ? WHERE model_id = ?",
        values,
    )
    runs: dict[Any, Any] = {}
    for row in rows:
        model_id = ids[row["number"]]
        if row["params"]:
            client.log_model_params(model_id, row["params"])
        if row["tags"]:
            client.set_logged_model_tags(model_id, row["tags"])
        for place, (key, value, step, timestamp, dataset) in enumerate(row["metrics"]):
            run = runs.setdefault((row["experiment"], place % 2), None)
            if run is None:
                run = client.create_run(experiments[row["experiment"]]).info.run_id
                runs[row["experiment"], place % 2] = run
            more = dict(zip(("dataset_name", "dataset_digest"), dataset or ()))
            client.log_metric(run, key, value, timestamp, step, model_id=model_id, **more)
    for row in rows:
        if row["deleted"]:
            client.delete_logged_model(ids[row["number"]])
    numbers = {model_id: number for number, model_id in enumerate(ids)}
    answers = []
    for query in payload["model_queries"]:
        options = {
            "experiment_ids": [experiments[place] for place in query["experiments"]],
            "filter_string": query["filter"],
            "datasets": query["datasets"],
            "max_results": query["page"],
            "order_by": query["order"],
        }
        answers.append(
            _paged(
                client.search_logged_models,
                lambda model: numbers[model.model_id],
                options,
                query["pages"],
            )
        )
    return answers
