"""Training programs, and what an implementation keeps of them; runs unchanged in either."""

import json
import tempfile
from pathlib import Path

import mlflow

LEFT_OUT = ("mlflow.user", "mlflow.source.", "mlflow.runName", "mlflow.rootRunId")


def _round(value):
    # Upstream keeps the greatest double in place of an infinity.
    return float(f"{value:.6g}") if abs(value) < 1e308 else "infinite"


def _tags(tags):
    return {k: v for k, v in sorted(tags.items()) if not k.startswith(LEFT_OUT)}


def _files(client, run_id, path=None):
    found = []
    for info in client.list_artifacts(run_id, path):
        found += _files(client, run_id, info.path) if info.is_dir else [info.path]
    return sorted(found)


def _texts(client, run_id, files):
    texts = {}
    for name in files:
        if name.endswith((".json", ".csv", ".txt", ".yaml")):
            local = client.download_artifacts(run_id, name, tempfile.mkdtemp())
            texts[name] = Path(local).read_text()
    return texts


def _run(client, run, order):
    run = client.get_run(run.info.run_id)
    files = _files(client, run.info.run_id)
    tags = _tags(run.data.tags)
    if "mlflow.parentRunId" in tags:
        tags["mlflow.parentRunId"] = order.index(tags["mlflow.parentRunId"])
    histories = {key: client.get_metric_history(run.info.run_id, key) for key in run.data.metrics}
    outputs = run.outputs.model_outputs if run.outputs else []
    return {
        "status": run.info.status,
        "params": dict(sorted(run.data.params.items())),
        "metrics": {
            key: [[point.step, _round(point.value)] for point in points]
            for key, points in sorted(histories.items())
        },
        "tags": tags,
        "artifacts": files,
        "texts": _texts(client, run.info.run_id, files),
        "datasets": [_dataset(one) for one in run.inputs.dataset_inputs],
        "outputs": sorted(one.step for one in outputs),
        "read": len(run.inputs.model_inputs),
    }


def _dataset(one):
    return {
        "name": one.dataset.name,
        "source_type": one.dataset.source_type,
        "source": sorted(json.loads(one.dataset.source)),
        "schema": json.loads(one.dataset.schema) if one.dataset.schema else None,
        "profile": json.loads(one.dataset.profile) if one.dataset.profile else None,
        "tags": [[tag.key, tag.value] for tag in one.tags],
    }


def _model(model):
    folder = Path(model.artifact_location.removeprefix("file://"))
    meta = mlflow.models.Model.load(str(folder)).to_dict()
    return {
        "name": model.name,
        "type": model.model_type,
        "status": str(getattr(model.status, "name", model.status)),
        "params": dict(sorted(model.params.items())),
        "metrics": sorted(
            ([one.key, _round(one.value), one.dataset_name] for one in model.metrics or []), key=str
        ),
        "tags": _tags(model.tags),
        "files": sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()),
        "flavors": meta["flavors"],
        "signature": meta.get("signature"),
        "example": meta.get("saved_input_example_info"),
    }


def kept(experiment):
    """Return the runs of an experiment, the oldest and parents first, and its models."""
    client = mlflow.MlflowClient()
    runs = sorted(client.search_runs([experiment]), key=lambda run: run.info.start_time)
    runs.sort(key=lambda run: "mlflow.parentRunId" in run.data.tags)
    order = [run.info.run_id for run in runs]
    models = mlflow.search_logged_models([experiment], output_format="list")
    models = sorted(models, key=lambda model: model.creation_timestamp)
    return {
        "runs": [_run(client, run, order) for run in runs],
        "models": [_model(model) for model in models],
    }


def main(payload):
    """Run each program in an experiment of its own and return what was kept."""
    answers = {}
    mlflow.set_tracking_uri("sqlite:///" + str(Path(tempfile.mkdtemp()) / "runs.db"))
    for name, text in payload["programs"].items():
        experiment = mlflow.set_experiment(name).experiment_id
        said = []
        space = {"mlflow": mlflow, "say": said.append, "__name__": "program"}
        try:
            exec(compile(payload["before"] + text, name, "exec"), space)  # noqa: S102 - ours
        except Exception as error:  # noqa: BLE001 - what it says is compared
            said.append(type(error).__name__ + ": " + str(error)[:300])
        while mlflow.active_run():
            mlflow.end_run()
        for module in payload["libraries"]:
            getattr(mlflow, module).autolog(disable=True)
        answers[name] = {**kept(experiment), "said": said}
    return answers
