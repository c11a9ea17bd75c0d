"""The calls that test_tracking_calls.py makes in upstream and here: names used by both only."""

import logging
import math
import os
import re
import warnings
from collections.abc import Callable
from typing import Any

from mlflow.tracking._tracking_service.utils import _get_store

from mlflow.entities import (
    Dataset,
    DatasetInput,
    Experiment,
    ExperimentTag,
    InputTag,
    LoggedModel,
    LoggedModelInput,
    LoggedModelOutput,
    LoggedModelParameter,
    LoggedModelStatus,
    LoggedModelTag,
    Metric,
    Param,
    Run,
    RunInfo,
    RunStatus,
    RunTag,
    ViewType,
)
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

CONTEXT = "mlflow.data.context"

FIELDS: dict[type, tuple[str, ...]] = {
    Experiment: ("experiment_id", "name", "artifact_location", "lifecycle_stage", "tags"),
    RunInfo: (
        "run_id",
        "experiment_id",
        "user_id",
        "status",
        "start_time",
        "end_time",
        "lifecycle_stage",
        "artifact_uri",
        "run_name",
    ),
    LoggedModel: (
        "model_id",
        "experiment_id",
        "name",
        "artifact_location",
        "model_type",
        "model_uri",
        "source_run_id",
        "status",
        "status_message",
        "tags",
        "params",
    ),
}


class Recorder:
    """Makes calls and keeps what they answer, ids and times replaced."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self.answers: list[list[Any]] = []
        self.names: dict[str, str] = {os.path.realpath("."): "<here>"}

    def know(self, identity: str, name: str) -> str:
        """Give an id a name that is the same in both implementations."""
        self.names[identity] = name
        return identity

    def ask(self, label: str, call: Callable[[], Any]) -> Any:
        """Make a call; keep its answer, or the class and code of its error."""
        try:
            value = call()
        except Exception as error:  # noqa: BLE001 - both implementations' failures are answers
            code = getattr(error, "error_code", None)
            self.answers.append([label, "error", code or type(error).__name__])
            return None
        self.answers.append([label, "answer", self.plain(value)])
        return value

    def plain(self, value: Any) -> Any:
        """Return a value as JSON that is the same in both implementations."""
        if isinstance(value, bool) or value is None or isinstance(value, int):
            return value
        if isinstance(value, float):
            return repr(value)
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(k)): self.plain(v) for k, v in sorted(value.items())}
        if isinstance(value, (list, tuple)):
            return [self.plain(item) for item in value]
        return self.entity(value)

    def text(self, value: str) -> str:
        """Return a text with known ids and places replaced, long ones cut."""
        for identity, name in self.names.items():
            value = value.replace(identity, name)
        return value if len(value) <= 200 else f"{value[:20]}… {len(value)}"

    def entity(self, value: Any) -> Any:
        """Return the fields of an entity that both implementations have."""
        for kind, fields in FIELDS.items():
            if isinstance(value, kind):
                return {field: self.plain(getattr(value, field)) for field in fields}
        if isinstance(value, Run):
            return self.run(value)
        if isinstance(value, Metric):
            return self.plain(self.metric(value))
        raise TypeError(type(value))

    def run(self, run: Run) -> dict[str, Any]:
        """Return all that a run holds."""
        outputs = run.outputs
        return {
            "info": self.plain(run.info),
            "metrics": self.plain(run.data.metrics),
            "params": self.plain(run.data.params),
            "tags": self.plain(run.data.tags),
            "datasets": [self.plain(each.to_dictionary()) for each in run.inputs.dataset_inputs],
            "models": [each.model_id for each in run.inputs.model_inputs],
            "outputs": outputs
            and self.plain(sorted([o.model_id, o.step] for o in outputs.model_outputs)),
        }

    @staticmethod
    def metric(metric: Metric) -> list[Any]:
        """Return what a point is."""
        return [
            metric.key,
            metric.value,
            metric.timestamp,
            metric.step,
            metric.model_id,
            metric.dataset_name,
            metric.dataset_digest,
            metric.run_id,
        ]


def dataset(name: str = "wine", digest: str = "d1", **fields: Any) -> Any:
    """Return a dataset."""
    return Dataset(
        **{"source_type": "local", "source": "{}", "name": name, "digest": digest, **fields}
    )


def used(data: Any, **tags: Any) -> Any:
    """Return a dataset as an input with tags."""
    return DatasetInput(data, [InputTag(key, value) for key, value in tags.items()])


def texts(kind: Any, **pairs: Any) -> list[Any]:
    """Return tags or params."""
    return [kind(key, value) for key, value in pairs.items()]


def experiments(say: Recorder, store: Any) -> None:
    """Create, get, rename, tag, delete and restore experiments."""
    ask = say.ask
    first = ask("create experiment", lambda: store.create_experiment("first"))
    ask("get experiment", lambda: store.get_experiment(first))
    ask("get default", lambda: store.get_experiment("0"))
    ask("create with place", lambda: store.create_experiment("placed", "s3://bucket/x"))
    ask("get placed", lambda: store.get_experiment_by_name("placed"))
    tags = [ExperimentTag("a", "1"), ExperimentTag("b", "é 🎉")]
    ask("create tagged", lambda: store.create_experiment("tagged", tags=tags))
    ask("get tagged", lambda: store.get_experiment_by_name("tagged"))
    ask("create twice", lambda: store.create_experiment("first"))
    for name in (None, "", "x" * 500, "x" * 501):
        ask(f"create {str(name)[:5]} {len(name or '')}", lambda n=name: store.create_experiment(n))
    ask("by unknown name", lambda: store.get_experiment_by_name("nope"))
    for identity in ("999", "abc", ""):
        ask(f"get id {identity}", lambda i=identity: store.get_experiment(i))
    ask("rename", lambda: store.rename_experiment(first, "renamed"))
    ask("rename to none", lambda: store.rename_experiment(first, None))
    ask("renamed", lambda: store.get_experiment(first))
    ask("set tag", lambda: store.set_experiment_tag(first, ExperimentTag("k", "v")))
    ask("set tag again", lambda: store.set_experiment_tag(first, ExperimentTag("k", "w")))
    ask("set long tag", lambda: store.set_experiment_tag(first, ExperimentTag("l", "v" * 20000)))
    ask("set longer tag", lambda: store.set_experiment_tag(first, ExperimentTag("m", "v" * 20001)))
    ask("tags", lambda: store.get_experiment(first).tags)
    ask("delete tag", lambda: store.delete_experiment_tag(first, "k"))
    ask("delete missing tag", lambda: store.delete_experiment_tag(first, "k"))
    ask("restore active", lambda: store.restore_experiment(first))
    ask("delete", lambda: store.delete_experiment(first))
    ask("delete twice", lambda: store.delete_experiment(first))
    ask("deleted", lambda: store.get_experiment(first))
    ask("create deleted name", lambda: store.create_experiment("renamed"))
    ask("tag deleted", lambda: store.set_experiment_tag(first, ExperimentTag("k", "v")))
    ask("rename deleted", lambda: store.rename_experiment(first, "again"))
    ask("run in deleted", lambda: store.create_run(first, "u", 1, [], "n"))
    ask("model in deleted", lambda: store.create_logged_model(first))
    ask("restore", lambda: store.restore_experiment(first))
    ask("restored", lambda: store.get_experiment(first))
    wide = ExperimentTag("é 🎉", "1")
    ask("set any tag", lambda: store.set_experiment_tag(first, wide))
    ask("rename to taken", lambda: store.rename_experiment(first, "tagged"))


def runs(say: Recorder, store: Any) -> None:
    """Create, get, update, delete and restore runs; log params and tags."""
    ask = say.ask
    experiment = store.create_experiment("runs")
    run = store.create_run(experiment, "user", 7, [RunTag("a", "1")], "my run")
    run_id = say.know(run.info.run_id, "<run>")
    ask("created", lambda: run)
    ask("got", lambda: store.get_run(run_id))
    ask("unknown", lambda: store.get_run("0" * 32))
    ask("other names", lambda: store.create_run("0", "u", 1, [RunTag("mlflow.runName", "x")], "y"))
    ask("unknown experiment", lambda: store.create_run("999", "u", 1, [], "n"))
    ask("bad experiment", lambda: store.create_run("abc", "u", 1, [], "n"))
    finished = RunStatus.FINISHED
    ask("finish", lambda: store.update_run_info(run_id, finished, 99, "renamed"))
    ask("update nothing", lambda: store.update_run_info(run_id, None, None, None))
    ask("finished", lambda: store.get_run(run_id))
    ask("param", lambda: store.log_param(run_id, Param("p", "1")))
    ask("param again", lambda: store.log_param(run_id, Param("p", "1")))
    ask("param changed", lambda: store.log_param(run_id, Param("p", "2")))
    ask("empty param", lambda: store.log_param(run_id, Param("e", "")))
    ask("long param", lambda: store.log_param(run_id, Param("long", "x" * 6000)))
    ask("longer param", lambda: store.log_param(run_id, Param("longer", "x" * 6001)))
    ask("param key", lambda: store.log_param(run_id, Param("k" * 251, "x")))
    ask("param None", lambda: store.log_param(run_id, Param(None, "x")))
    ask("tag", lambda: store.set_tag(run_id, RunTag("t", "1")))
    ask("tag again", lambda: store.set_tag(run_id, RunTag("t", "2 é🎉")))
    ask("tag name", lambda: store.set_tag(run_id, RunTag("mlflow.runName", "by tag")))
    ask("long tag", lambda: store.set_tag(run_id, RunTag("long", "x" * 8001)))
    ask("tag key", lambda: store.set_tag(run_id, RunTag("k" * 251, "x")))
    ask("delete tag", lambda: store.delete_tag(run_id, "t"))
    ask("delete tag again", lambda: store.delete_tag(run_id, "t"))
    params = [Param("b1", "1"), Param("b2", "2")]
    ask("batch", lambda: store.log_batch(run_id, [], params, [RunTag("bt", "1")]))
    ask("batch same", lambda: store.log_batch(run_id, [], params, []))
    changed = [Param("new", "1"), Param("b1", "other")]
    ask("batch changed", lambda: store.log_batch(run_id, [], changed, []))
    twice = [Param("x", "1"), Param("x", "2")]
    ask("batch twice", lambda: store.log_batch(run_id, [], twice, []))
    many = [Param(f"many{index}", "1") for index in range(101)]
    ask("batch too many", lambda: store.log_batch(run_id, [], many, []))
    ask("all", lambda: store.get_run(run_id))
    ask("delete", lambda: store.delete_run(run_id))
    ask("delete again", lambda: store.delete_run(run_id))
    ask("deleted", lambda: store.get_run(run_id).info)
    for label, call in (
        ("metric", lambda: store.log_metric(run_id, Metric("m", 1.0, 1, 0))),
        ("param", lambda: store.log_param(run_id, Param("q", "1"))),
        ("tag", lambda: store.set_tag(run_id, RunTag("q", "1"))),
        ("batch", lambda: store.log_batch(run_id, [], [], [RunTag("q", "1")])),
        ("inputs", lambda: store.log_inputs(run_id, [used(dataset())])),
        ("outputs", lambda: store.log_outputs(run_id, [LoggedModelOutput("m", 0)])),
        ("update", lambda: store.update_run_info(run_id, finished, 1, "n")),
        ("delete tag", lambda: store.delete_tag(run_id, "a")),
    ):
        ask(f"deleted: {label}", call)
    ask("restore", lambda: store.restore_run(run_id))
    ask("restore again", lambda: store.restore_run(run_id))
    ask("restored", lambda: store.get_run(run_id).info)


def metrics(say: Recorder, store: Any) -> None:
    """Log points one by one and in batches, and read latest values and histories."""
    ask = say.ask
    run_id = say.know(store.create_run("0", "u", 1, [], "n").info.run_id, "<metrics run>")
    points = [
        ("m", 1.0, 10, 0), ("m", 3.0, 10, 0), ("m", 2.0, 10, 0), ("m", 0.5, 11, 0),
        ("m", 9.0, 5, 2), ("m", 8.0, 99, 1), ("m", 7.0, 5, -3), ("m", 9.0, 5, 2),
        ("a/b", 1, 1, 1), ("nan", math.nan, 1, 0), ("nan", 1.0, 1, 1),
        ("nan", math.nan, 1, 2), ("tiny", 5e-324, 1, 2**63 - 1), ("old", 1.0, 0, -(2**63)),
    ]  # fmt: skip
    for index, point in enumerate(points):
        ask(f"point {index}", lambda p=point: store.log_metric(run_id, Metric(*p)))
    ask("latest", lambda: store.get_run(run_id).data.metrics)
    for key in ("m", "nan", "tiny", "none"):
        ask(
            f"history {key}",
            lambda k=key: sorted(map(say.metric, history(store, run_id, k)), key=repr),
        )
    for label, metric in (
        ("text", Metric("t", "1.0", 1, 0)),
        ("none", Metric("t", None, 1, 0)),
        ("no time", Metric("t", 1.0, None, 0)),
        ("early", Metric("t", 1.0, -1, 0)),
        ("no key", Metric(None, 1.0, 1, 0)),
        ("long key", Metric("k" * 251, 1.0, 1, 0)),
    ):
        ask(f"bad: {label}", lambda m=metric: store.log_metric(run_id, m))
    batch = [Metric("batch", float(index % 7), index, index // 3) for index in range(1000)]
    ask("batch", lambda: store.log_batch(run_id, batch, [], []))
    ask("batch again", lambda: store.log_batch(run_id, batch[:500], [], []))
    ask("batch too long", lambda: store.log_batch(run_id, [*batch, *batch[:1]], [], []))
    ask("batch latest", lambda: store.get_run(run_id).data.metrics["batch"])
    ask("batch history", lambda: len(history(store, run_id, "batch")))
    ask("unknown run", lambda: store.log_metric("0" * 32, Metric("m", 1.0, 1, 0)))
    ask("any key", lambda: store.log_metric(run_id, Metric("é 🎉", 1.0, 1, 0)))


def history(store: Any, run_id: str, key: str) -> list[Any]:
    """Return the points of a metric."""
    return list(store.get_metric_history(run_id, key))


def inputs(say: Recorder, store: Any) -> None:
    """Log datasets, models that were read and models that were made."""
    ask = say.ask
    experiment, other = store.create_experiment("inputs"), store.create_experiment("others")
    run_id = say.know(store.create_run(experiment, "u", 1, [], "n").info.run_id, "<inputs run>")
    second = say.know(store.create_run(experiment, "u", 1, [], "n").info.run_id, "<second>")
    third = say.know(store.create_run(other, "u", 1, [], "n").info.run_id, "<third>")
    shown = [run_id, second, third]
    ask("nothing", lambda: store.log_inputs(run_id))
    ask("one", lambda: store.log_inputs(run_id, [used(dataset(schema="{}"), **{CONTEXT: "a"})]))
    ask("again", lambda: store.log_inputs(run_id, [used(dataset(source="x"), **{CONTEXT: "b"})]))
    both = [used(dataset("b"), k="1"), used(dataset("b"), k="2"), used(dataset("a"))]
    ask("twice in a call", lambda: store.log_inputs(run_id, both))
    ask("in another run", lambda: store.log_inputs(second, [used(dataset(source="y"), k="v")]))
    ask("in another experiment", lambda: store.log_inputs(third, [used(dataset(source="z"))]))
    for field, value in (
        ("name", None), ("name", ""), ("name", "n" * 500), ("name", "n" * 501),
        ("digest", None), ("digest", "d" * 37), ("source", None), ("source_type", None),
        ("source", "s" * 65535), ("source", "s" * 65536), ("schema", "s" * 1048576),
    ):  # fmt: skip
        data = dataset(**{"name": f"f {field}", "digest": "f", field: value})
        ask(f"{field} {len(value or '')} {value is None}",
            lambda d=data: store.log_inputs(second, [used(d)]))  # fmt: skip
    for label, tag in (
        ("key 255", {"k" * 255: "v"}), ("key 256", {"k" * 256: "v"}),
        ("value 500", {"k": "v" * 500}), ("value 501", {"k": "v" * 501}),
        ("no value", {"k": None}), ("empty", {"k": ""}),
    ):  # fmt: skip
        data = dataset(f"tag {label}")
        ask(f"tag {label}", lambda d=data, t=tag: store.log_inputs(second, [used(d, **t)]))
    ask("no list", lambda: store.log_inputs(run_id, used(dataset())))
    ask("unknown run", lambda: store.log_inputs("0" * 32, [used(dataset())]))
    read = [LoggedModelInput("m-1"), LoggedModelInput("m-2")]
    ask("models read", lambda: store.log_inputs(run_id, None, read))
    ask("models read again", lambda: store.log_inputs(run_id, models=read[:1]))
    made = [LoggedModelOutput("m-3", 3), LoggedModelOutput("m-4", 0)]
    ask("models made", lambda: store.log_outputs(run_id, made))
    ask("models made again", lambda: store.log_outputs(run_id, made[:1]))
    ask("none made", lambda: store.log_outputs(run_id, []))
    for index, shown_id in enumerate(shown):
        ask(f"run {index}", lambda i=shown_id: store.get_run(i))
    ask("found by search", lambda: sorted(
        (run for run in store.search_runs([experiment, other], "", ViewType.ALL)),
        key=lambda run: shown.index(run.info.run_id)))  # fmt: skip
    # The public name here, upstream's own there.
    summaries = getattr(store, "_search_datasets", None) or store.search_datasets
    store.delete_run(second)
    for label, ids in (("one", [experiment]), ("both", [other, experiment]), ("none", []),
                       ("unknown", ["999"]), ("bad", ["abc"])):  # fmt: skip
        ask(f"datasets of {label}", lambda i=ids: sorted(
            [each.experiment_id, each.name, each.digest, str(each.context)]
            for each in summaries(i)))  # fmt: skip


def models(say: Recorder, store: Any) -> None:
    """Create, finalize, tag, measure and delete logged models."""
    ask = say.ask
    experiment = store.create_experiment("models", "s3://bucket/m")
    run_id = say.know(store.create_run(experiment, "u", 1, [], "n").info.run_id, "<models run>")
    tags, params = texts(LoggedModelTag, a="1", b="é🎉"), texts(LoggedModelParameter, p="1")
    made = store.create_logged_model(experiment, "model", run_id, tags, params, "Agent")
    model_id = say.know(made.model_id, "<model>")
    ask("form of id", lambda: bool(re.fullmatch("m-[0-9a-f]{32}", model_id)))
    ask("created", lambda: made)
    ask("got", lambda: store.get_logged_model(model_id))
    ask("named by itself", lambda: bool(store.create_logged_model(experiment).name))
    for name in ("", "a/b", "a:b", "a.b", "a%b", "a'b", 'a"b', "x" * 500, " ", "é", "a\\b", "a@#?"):
        ask(f"name {name[:9]}", lambda n=name: store.create_logged_model(experiment, n).name)
    ask("unknown run", lambda: store.create_logged_model(experiment, "n", "nope").source_run_id)
    ask("unknown experiment", lambda: store.create_logged_model("999"))
    ask("bad experiment", lambda: store.create_logged_model("abc"))
    for status in LoggedModelStatus:
        ask(f"finalize {status}", lambda s=status: store.finalize_logged_model(model_id, s))
    again = texts(LoggedModelTag, a="2", c=3)
    ask("tags", lambda: store.set_logged_model_tags(model_id, again))
    twice = [LoggedModelTag("d", "1"), LoggedModelTag("d", "2")]
    ask("tags twice", lambda: store.set_logged_model_tags(model_id, twice))
    ask(
        "long tag",
        lambda: store.set_logged_model_tags(model_id, texts(LoggedModelTag, l="x" * 9000)),
    )
    ask("no tags", lambda: store.set_logged_model_tags(model_id, []))
    ask("delete tag", lambda: store.delete_logged_model_tag(model_id, "b"))
    ask("delete tag again", lambda: store.delete_logged_model_tag(model_id, "b"))
    one, other = texts(LoggedModelParameter, q="1"), texts(LoggedModelParameter, q="2")
    ask("params", lambda: store.log_logged_model_params(model_id, one))
    ask("params same", lambda: store.log_logged_model_params(model_id, one))
    ask("params changed", lambda: store.log_logged_model_params(model_id, other))
    ask("long param", lambda: store.log_logged_model_params(
        model_id, texts(LoggedModelParameter, long="x" * 9000)))  # fmt: skip
    ask("all", lambda: store.get_logged_model(model_id))
    measured(say, store, run_id, model_id)
    for label, call in (
        ("get", lambda: store.get_logged_model("m-0")),
        ("finalize", lambda: store.finalize_logged_model("m-0", LoggedModelStatus.READY)),
        ("tags", lambda: store.set_logged_model_tags("m-0", again)),
        ("delete tag", lambda: store.delete_logged_model_tag("m-0", "a")),
        ("params", lambda: store.log_logged_model_params("m-0", one)),
        ("delete", lambda: store.delete_logged_model("m-0")),
    ):
        ask(f"unknown: {label}", call)
    ask("delete", lambda: store.delete_logged_model(model_id))
    ask("delete again", lambda: store.delete_logged_model(model_id))
    ask("deleted", lambda: store.get_logged_model(model_id))
    ask("deleted allowed", lambda: store.get_logged_model(model_id, allow_deleted=True))
    ask(
        "deleted: tags", lambda: store.set_logged_model_tags(model_id, texts(LoggedModelTag, z="1"))
    )
    ask(
        "deleted: finalize", lambda: store.finalize_logged_model(model_id, LoggedModelStatus.FAILED)
    )
    ask("deleted: metric", lambda: store.log_metric(run_id, Metric("late", 1.0, 1, 0, model_id)))


def measured(say: Recorder, store: Any, run_id: str, model_id: str) -> None:
    """Log metrics of a model."""
    ask = say.ask
    points = [
        ("acc", 0.5, 1, 0), ("acc", 0.5, 1, 0), ("acc", 0.75, 2, 1), ("acc", 0.25, 3, -1),
        ("loss", 1.0, 4, 0),
    ]  # fmt: skip
    for index, point in enumerate(points):
        ask(f"measure {index}", lambda p=point: store.log_metric(run_id, Metric(*p, model_id)))
    for label, name, digest in (("dataset", "d", "1"), ("name", "d", None), ("digest", None, "1")):
        place = (model_id, name, digest)
        ask(
            f"measure on {label}",
            lambda p=place: store.log_metric(run_id, Metric("acc", 0.1, 9, 9, *p)),
        )
    ask("unknown model", lambda: store.log_metric(run_id, Metric("u", 1.0, 1, 0, "m-0")))
    batch = [Metric("b", 1.0, 1, 0, model_id), Metric("b", 2.0, 1, 1), Metric("c", 3.0, 1, 0)]
    ask("batch", lambda: store.log_batch(run_id, batch, [], []))
    found = store.get_logged_model(model_id).metrics
    ask("measured", lambda: sorted(map(say.metric, found), key=lambda m: (m[0], m[2], m[3])))
    ask("in the run", lambda: store.get_run(run_id).data.metrics)
    ask("history", lambda: sorted(map(say.metric, history(store, run_id, "loss")), key=repr))
    other = store.create_logged_model("0").model_id
    store.log_metric(run_id, Metric("acc", 0.5, 1, 0, other))
    ask("collision", lambda: store.log_metric(run_id, Metric("acc", 0.9, 1, 0, other)))
    data = ("train", "1")
    ask("two datasets", lambda: store.log_metric(run_id, Metric("acc", 0.9, 1, 0, other, *data)))


def main(server: str | None) -> dict[str, list[list[Any]]]:
    """Return what each part of the script answered, from a server or from a database."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    store: Any = SqlAlchemyStore("sqlite:///store.db", "./artifacts")
    if server is not None:
        store = _get_store(server)
    answers = {}
    for part in (experiments, runs, metrics, inputs, models):
        say = Recorder()
        part(say, store)
        answers[part.__name__] = say.answers
    return answers
