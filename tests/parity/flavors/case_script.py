"""Runs one flavor's case in one implementation; ``both_ways`` says what a case is."""

import copy
import importlib
import importlib.metadata
import logging
import os
import shutil
import sys
import warnings
from pathlib import Path

import mlflow


class Bomb:
    """What a hostile file holds: reading it as a pickle makes a marker file."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.mkdir, (self.marker,)


def plain(value):
    """Return a prediction as JSON: its kind and its values."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    kind = type(value).__name__
    if kind in ("DataFrame", "Series", "Index"):
        table = value.to_dict("list") if kind == "DataFrame" else list(value)
        return {kind: plain(table), "dtypes": str(value.dtypes)}
    if hasattr(value, "tolist"):
        return {kind: plain(value.tolist()), "dtype": str(getattr(value, "dtype", ""))}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value if isinstance(value, (int, float, str, bool, type(None))) else str(value)


def attempt(function, *arguments, **options):
    """Return what a call gives, or the kind of error that it ends in."""
    try:
        return plain(function(*arguments, **options))
    except Exception as error:  # noqa: BLE001 - libraries raise anything
        return {"error": type(error).__name__, "code": getattr(error, "error_code", None)}


def kind_of_raw(function):
    """Return the kind of the model inside a function."""
    return type(function.get_raw_model()).__name__


def write(case, flavor, folder):
    """Save each model; the first without requirements, so that they are inferred."""
    save = getattr(case, "save", None) or flavor.save_model
    for place, (name, (model, options, _)) in enumerate(case.models().items()):
        given = {} if place == 0 else {"pip_requirements": [case.LIBRARY[0]]}
        save(model, str(Path(folder, name)), **{**given, **options})


def read(case, flavor, folder):
    """Return what each model in a folder answers, natively and as a Python function."""
    load = getattr(case, "load", None) or flavor.load_model
    settled = getattr(case, "settled", lambda answer: answer)
    answers = {}
    for name, (_, _, inputs) in case.models().items():
        path = str(Path(folder, name))
        model, function = load(path), mlflow.pyfunc.load_model(path)
        for label, given in inputs.items():
            data, params = given if isinstance(given, tuple) else (given, None)
            answers[f"{name} {label}"] = {
                "model": attempt(case.predict, model, copy.deepcopy(data)),
                "function": settled(attempt(function.predict, copy.deepcopy(data), params=params)),
            }
        answers[name] = {
            # Upstream gives the raw model of any flavor but Python functions.
            "types": [type(model).__name__]
            if flavor is mlflow.pyfunc
            else [type(model).__name__, attempt(kind_of_raw, function)],
            "signature": function.metadata.signature and function.metadata.signature.to_dict(),
        }
    return answers


def attack(case, flavor, folder):
    """Return how each loader ends when the first model's files were made hostile."""
    load = getattr(case, "load", None) or flavor.load_model
    source = Path(folder, next(iter(case.models())))
    answers = {}
    os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] = "false"
    loaders = {"model": load, "function": mlflow.pyfunc.load_model}
    for name in getattr(case, "GUARDED", tuple(loaders)):
        path, marker = Path(f"hostile-{name}").resolve(), Path(f"marker-{name}").resolve()
        shutil.copytree(source, path)
        case.hostile(path, Bomb(str(marker)))
        answer = attempt(loaders[name], str(path))
        error = answer.get("error") if isinstance(answer, dict) else None
        answers[name] = error, marker.exists()
    del os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"]
    return answers


def main(payload):
    """Do what is asked for; return what each action gave."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    # A module of its own, so that both implementations pickle its classes by the same name.
    for name, text in {**payload["beside"], "flavor_case.py": payload["case"]}.items():
        Path(name).write_text(text)
    sys.path.insert(0, str(Path.cwd()))
    case = importlib.import_module("flavor_case")
    flavor = importlib.import_module(f"mlflow.{payload['flavor']}")
    actions = {"write": write, "read": read, "attack": attack}
    answers = [actions[name](case, flavor, folder) for name, folder in payload["do"]]
    version = importlib.metadata.version(case.LIBRARY[0])
    return {"answers": answers, "version": f"{case.LIBRARY[0]} {version}"}
