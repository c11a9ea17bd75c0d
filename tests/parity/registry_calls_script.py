"""Calls of the model registry's client, the same for both implementations: ``main(uri)``.

What a server or a clock makes up is left out; versions and aliases are compared as text, because
a database gives numbers where a server gives text.
"""
# ruff: noqa: B023, BLE001, C901, PLR0912, PLR0915, PLR1704, PTH208, SIM105
# One list of calls, each made at once.

import os

import mlflow
from mlflow import MlflowClient


class Echo(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input


def shown(value):
    """Return a value as JSON can hold it, without ids and times."""
    name = type(value).__name__
    if name == "ModelVersion":
        fields = ("name", "description", "current_stage", "status", "tags", "run_link")
        found = {field: getattr(value, field) or None for field in fields}
        source = (value.source or "").replace(value.run_id or "<none>", "<run>")
        kind = source.split(":")[0] if "/" in source else source
        named = "<model>" if source.startswith("models:/m-") else source.rsplit("/", 1)[-1]
        return {
            **found,
            "version": str(value.version),
            "source": [kind, named],
            "has_run": bool(value.run_id),
        }
    if name == "RegisteredModel":
        latest = sorted((shown(one) for one in value.latest_versions), key=str)
        aliases = {alias: str(version) for alias, version in value.aliases.items()}
        return {
            "name": value.name,
            "description": value.description or None,
            "tags": value.tags,
            "aliases": aliases,
            "latest": latest,
        }
    if isinstance(value, (list, tuple)):
        return [shown(one) for one in value]
    return value if isinstance(value, (str, int, type(None))) else str(type(value))


def main(uri):
    mlflow.set_tracking_uri(uri)
    client = MlflowClient()
    for left in client.search_registered_models(max_results=1000):
        client.delete_registered_model(left.name)
    answers = []

    def note(label, call):
        try:
            answers.append([label, shown(call())])
        except Exception as error:
            answers.append([label, "raises", getattr(error, "error_code", type(error).__name__)])

    def aliased(*arguments):
        return sorted(client.get_model_version(*arguments).aliases)

    for name in ("m", "ü b", "a%2Fb", "a.b", "M"):
        note(
            f"create {name}", lambda: client.create_registered_model(name, {"k": name}, "d " + name)
        )
    for name in ("", " ", "a/b", "a:b", "..", "m", None):
        note(f"create {name!r}", lambda: client.create_registered_model(name))
    with mlflow.start_run() as run:
        info = mlflow.pyfunc.log_model(name="echo", python_model=Echo(), input_example=None)
    run_id = run.info.run_id
    note("register run", lambda: mlflow.register_model(f"runs:/{run_id}/echo", "m", tags={"a": 1}))
    note("register model", lambda: mlflow.register_model(info.model_uri, "m"))
    note("register version", lambda: mlflow.register_model("models:/m/1", "other"))
    note("register nothing", lambda: mlflow.register_model(f"runs:/{run_id}/nothing", "other"))
    note("create bucket", lambda: client.create_model_version("m", "s3://b/x", run_link="l"))
    note("create unknown", lambda: client.create_model_version("none", "s3://b/x"))
    note("create run", lambda: client.create_model_version("m", f"runs:/{run_id}/echo", run_id))
    for version in ("1", "2", "01", "99", "0", "x", ""):
        note(f"get {version}", lambda: client.get_model_version("m", version))
        note(f"uri {version}", lambda: bool(client.get_model_version_download_uri("m", version)))
    for alias in ("champion", "Champion", "a-b_c", "é", "1", "", "a b", "latest", "V1", "x" * 256):
        note(f"alias {alias}", lambda: client.set_registered_model_alias("m", alias, "1"))
    note("alias moved", lambda: client.set_registered_model_alias("m", "champion", "2"))
    note("alias of none", lambda: client.set_registered_model_alias("m", "champion", "77"))
    note("aliases 1", lambda: aliased("m", "1"))
    note("aliases 2", lambda: aliased("m", "2"))
    for alias in ("champion", "CHAMPION", "latest", "none"):
        note(
            f"by alias {alias}", lambda: str(client.get_model_version_by_alias("m", alias).version)
        )
    for alias in ("a-b_c", "a-b_c", "none"):
        note(f"remove {alias}", lambda: client.delete_registered_model_alias("m", alias))
    note("model", lambda: client.get_registered_model("m"))
    for stage in ("production", "Staging", "Archived", "none", "nope"):
        note(f"stage {stage}", lambda: client.transition_model_version_stage("m", "1", stage))
    client.transition_model_version_stage("m", "1", "Staging")
    note("archive", lambda: client.transition_model_version_stage("m", "2", "Staging", True))
    note("latest", lambda: sorted(map(str, shown(client.get_latest_versions("m")))))
    note("latest staging", lambda: client.get_latest_versions("m", ["staging"]))
    note("latest nope", lambda: client.get_latest_versions("m", ["nope"]))
    note("stages", lambda: client.get_model_version_stages("m", "1"))
    note("tag", lambda: client.set_model_version_tag("m", "1", "k", 5))
    note(
        "tag stage", lambda: client.set_model_version_tag("m", key="s", value="v", stage="Staging")
    )
    note("tag both", lambda: client.set_model_version_tag("m", "1", "k", "v", "Staging"))
    note("tag neither", lambda: client.set_model_version_tag("m", key="k", value="v"))
    note("untag", lambda: client.delete_model_version_tag("m", "1", "k"))
    note("untag again", lambda: client.delete_model_version_tag("m", "1", "k"))
    note("model tag", lambda: client.set_registered_model_tag("m", "t", "v" * 100_000))
    note("model tag long", lambda: client.set_registered_model_tag("m", "t", "v" * 100_001))
    note("model tag key", lambda: client.set_registered_model_tag("m", "t" * 251, "v"))
    note("model untag", lambda: client.delete_registered_model_tag("m", "t"))
    note("describe", lambda: client.update_registered_model("m", "new"))
    note("describe version", lambda: client.update_model_version("m", "1", "new"))
    for filter_string in (
        None,
        "",
        "name = 'm'",
        "name LIKE 'm%'",
        "name ILIKE 'm%'",
        "name != 'm'",
        "tags.k = 'm'",
        "tag.k = 'm' AND name = 'm'",
        "name IN ('m', 'M')",
        "name = m",
        "nope = 'm'",
        "name > 'm'",
    ):
        note(f"models {filter_string}", lambda: client.search_registered_models(filter_string))
    for order in (
        ["name DESC"],
        ["name"],
        ["timestamp", "name"],
        ["nope"],
        ["last_updated_timestamp"],
    ):
        note(f"models by {order}", lambda: len(client.search_registered_models(order_by=order)))
    by_number = ["name", "version_number"]
    for filter_string in (
        None,
        "name = 'm'",
        "name = 'm' AND version_number > 1",
        "version_number = '1'",
        f"run_id = '{run_id}'",
        f"run_id IN ('{run_id}', 'x')",
        "source_path = 's3://b/x'",
        "source_path LIKE 's3%'",
        "name LIKE 'o%'",
        "tags.a = '1'",
        "nope = '1'",
        "run_id != 'x'",
        "version_number != 1",
    ):
        note(
            f"versions {filter_string}".replace(run_id, "<run>"),
            lambda: client.search_model_versions(filter_string, order_by=by_number),
        )
    note("pages", lambda: pages(client))
    note("fluent", lambda: [one.name for one in mlflow.search_registered_models(2)])
    note("fluent versions", lambda: len(mlflow.search_model_versions(filter_string="name = 'm'")))
    note("copy", lambda: client.copy_model_version("models:/m/1", "copied"))
    note("copy alias", lambda: client.copy_model_version("models:/m@champion", "copied"))
    note("copy copy", lambda: client.copy_model_version("models:/copied/1", "copied"))
    for uri in ("m/1", "m/2", "m@champion", "m/Staging", "other/1", "copied/3", "m/4"):
        note(f"load {uri}", lambda: mlflow.pyfunc.load_model(f"models:/{uri}").predict(["a"]))
        note(
            f"files {uri}",
            lambda: sorted(
                set(os.listdir(mlflow.artifacts.download_artifacts(f"models:/{uri}")))
                & {"MLmodel", "python_model.pkl"}
            ),
        )
    for uri in ("m/99", "m@none", "none/1", "m/Archivedd"):
        note(f"load {uri}", lambda: mlflow.pyfunc.load_model(f"models:/{uri}"))
    note("text", lambda: "flavors" in mlflow.artifacts.load_text("models:/m@champion/MLmodel"))
    note("rename taken", lambda: client.rename_registered_model("m", "other"))
    note("rename bad", lambda: client.rename_registered_model("m", "a/b"))
    client.delete_registered_model("M")
    try:
        client.rename_registered_model("m", "renamed")
    except AttributeError:
        pass  # upstream's client of a database
    note("renamed", lambda: client.get_registered_model("renamed"))
    note("old name", lambda: client.get_registered_model("m"))
    note("delete version", lambda: client.delete_model_version("renamed", "2"))
    note("delete again", lambda: client.delete_model_version("renamed", "2"))
    note("after", lambda: client.get_registered_model("renamed"))
    note("next", lambda: str(client.create_model_version("renamed", "s3://b/x").version))
    note("delete model", lambda: client.delete_registered_model("renamed"))
    note("delete model again", lambda: client.delete_registered_model("renamed"))
    return answers


def pages(client):
    """Return the names on each page of a search."""
    found, token = [], None
    while True:
        page = client.search_registered_models(max_results=2, page_token=token, order_by=["name"])
        found.append([one.name for one in page])
        token = page.token
        if not token:
            return found
