"""The models of the demo: three classifiers of wines, and a small network that learns digits."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from mlflow.data.pandas_dataset import from_pandas
from mlflow.models.signature import infer_signature
from mlflow.sklearn import log_model
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.fluent import (
    log_dict,
    log_figure,
    log_image,
    log_input,
    log_metric,
    log_metrics,
    log_params,
    log_table,
    log_text,
    set_tags,
    start_run,
)

if TYPE_CHECKING:
    from collections.abc import Callable

REGISTERED: Final = "wine-classifier"
_SEED: Final = 7
_EPOCHS: Final = 30
_IMAGE_EVERY: Final = 5
_SHOWN: Final = 8  # pictures a side
_ZOOM: Final = 4


def train_wine(say: Callable[[str], object]) -> list[str]:
    """Train three classifiers as nested runs of one run.

    Args:
        say: Prints a line of progress.

    Returns:
        The ids of the runs.
    """
    from sklearn.datasets import load_wine  # noqa: PLC0415 - an optional third-party package
    from sklearn.ensemble import (  # noqa: PLC0415 - an optional third-party package
        GradientBoostingClassifier,
        RandomForestClassifier,
    )
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - an optional package
    from sklearn.model_selection import train_test_split  # noqa: PLC0415 - an optional package
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - an optional third-party package
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415 - an optional package

    frame = load_wine(as_frame=True).frame
    parts = train_test_split(
        frame.drop(columns="target"), frame["target"], test_size=0.3, random_state=_SEED
    )
    candidates: dict[str, tuple[Any, dict[str, Any]]] = {}
    params: dict[str, Any] = {"C": 0.5, "max_iter": 500}
    candidates["logistic regression"] = (
        make_pipeline(StandardScaler(), LogisticRegression(**params)),
        params,
    )
    params = {"n_estimators": 40, "max_depth": 5, "random_state": _SEED}
    candidates["random forest"] = (RandomForestClassifier(**params), params)
    params = {"n_estimators": 40, "learning_rate": 0.1, "max_depth": 2, "random_state": _SEED}
    candidates["gradient boosting"] = (GradientBoostingClassifier(**params), params)

    made = []
    with start_run(run_name="wine classifiers", tags={"demo": "wine"}) as parent:
        made.append(parent.info.run_id)
        log_input(from_pandas(frame, name="wine", targets="target"), context="training")
        scores, versions = {}, {}
        for name, (model, chosen) in candidates.items():
            say(f"  training {name} on wine …")
            with start_run(run_name=name, nested=True) as run:
                made.append(run.info.run_id)
                scores[name], versions[name] = _train_classifier(name, model, chosen, parts)
        best = max(scores, key=lambda name: scores[name])
        client = MlflowClient()
        client.set_registered_model_alias(REGISTERED, "champion", versions["logistic regression"])
        client.set_registered_model_alias(REGISTERED, "challenger", versions[best])
        log_metric("accuracy", scores[best])
        set_tags({"best": best})
        log_dict(scores, "scores.json")
    return made


def _train_classifier(
    name: str, model: Any, params: dict[str, Any], parts: list[Any]
) -> tuple[float, str]:
    """Return the accuracy and the version that the model was registered as."""
    from sklearn.metrics import (  # noqa: PLC0415 - an optional third-party package
        accuracy_score,
        f1_score,
        log_loss,
    )

    x_train, x_test, y_train, y_test = parts
    log_params({"model": name, **params})
    set_tags({"demo": "wine", "family": "tree" if "max_depth" in params else "linear"})
    model.fit(x_train, y_train)
    predicted = model.predict(x_test)
    accuracy = float(accuracy_score(y_test, predicted))
    log_metrics(
        {
            "accuracy": accuracy,
            "f1": float(f1_score(y_test, predicted, average="macro")),
            "loss": float(log_loss(y_test, model.predict_proba(x_test))),
        }
    )
    if hasattr(model, "staged_predict_proba"):
        for step, probability in enumerate(model.staged_predict_proba(x_test)):
            log_metric("validation loss", float(log_loss(y_test, probability)), step=step)
    _log_confusion(y_test, predicted)
    wrong = predicted != y_test.to_numpy()
    log_table(
        {
            "row": [int(row) for row in y_test.index],
            "expected": [int(one) for one in y_test],
            "predicted": [int(one) for one in predicted],
            "wrong": [bool(one) for one in wrong],
        },
        "predictions.json",
    )
    info = log_model(
        model,
        name=REGISTERED,
        signature=infer_signature(x_test, predicted),
        input_example=x_test.head(3),
        registered_model_name=REGISTERED,
    )
    return accuracy, str(info.registered_model_version)


def _log_confusion(expected: Any, predicted: Any) -> None:
    """Log how often which class was taken for which, as text and, with matplotlib, a figure."""
    from sklearn.metrics import confusion_matrix  # noqa: PLC0415 - an optional package

    counts = confusion_matrix(expected, predicted)
    log_text("\n".join(" ".join(f"{n:4d}" for n in row) for row in counts), "confusion.txt")
    if find_spec("matplotlib") is None:
        return
    from matplotlib.figure import Figure  # noqa: PLC0415 - an optional third-party package

    figure = Figure(figsize=(3.2, 3.0), layout="constrained")
    axes = figure.subplots()
    axes.imshow(counts, cmap="Blues")
    axes.set(xlabel="predicted", ylabel="expected")
    for row, line in enumerate(counts):
        for column, count in enumerate(line):
            axes.text(column, row, str(count), ha="center", va="center")
    log_figure(figure, "confusion.png")


def train_digits(say: Callable[[str], object]) -> list[str]:
    """Train a small network on pictures of digits, epoch by epoch.

    Args:
        say: Prints a line of progress.

    Returns:
        The ids of the runs.
    """
    import numpy as np  # noqa: PLC0415 - an optional third-party package
    from sklearn.datasets import load_digits  # noqa: PLC0415 - an optional third-party package
    from sklearn.metrics import accuracy_score, log_loss  # noqa: PLC0415 - an optional package
    from sklearn.model_selection import train_test_split  # noqa: PLC0415 - an optional package
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415 - an optional package

    pictures, digits = load_digits(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(
        pictures / 16.0, digits, test_size=0.3, random_state=_SEED
    )
    made = []
    for rate in (0.001, 0.01):
        say(f"  training a network on digits, learning rate {rate} …")
        with start_run(run_name=f"digits network {rate}", tags={"demo": "digits"}) as run:
            made.append(run.info.run_id)
            params = {"hidden_layer_sizes": (32,), "learning_rate_init": rate}
            log_params({"model": "network", "epochs": _EPOCHS, **params})
            network = MLPClassifier(**params, random_state=_SEED)
            for epoch in range(_EPOCHS):
                network.partial_fit(x_train, y_train, classes=np.arange(10))
                probability = network.predict_proba(x_test)
                predicted = probability.argmax(axis=1)
                log_metrics(
                    {
                        "loss": float(log_loss(y_test, probability)),
                        "training loss": float(network.loss_),
                        "accuracy": float(accuracy_score(y_test, predicted)),
                    },
                    step=epoch,
                )
                if epoch % _IMAGE_EVERY == 0 and find_spec("PIL") is not None:
                    log_image(_mosaic(network.coefs_[0]), key="what the network sees", step=epoch)
            _log_confusion(y_test, predicted)
    return made


def _mosaic(weights: Any) -> Any:
    """Return the first layer's weights as one picture, a tile a neuron.

    Args:
        weights: Shape (64, neurons).
    """
    import numpy as np  # noqa: PLC0415 - an optional third-party package

    scaled = weights - weights.min(axis=0)
    scaled = scaled / np.maximum(scaled.max(axis=0), 1e-12)
    tiles = scaled.T.reshape(-1, 8, 8)
    rows = [np.hstack(list(tiles[i : i + _SHOWN])) for i in range(0, len(tiles), _SHOWN)]
    picture = (np.vstack(rows) * 255).astype("uint8")
    return picture.repeat(_ZOOM, axis=0).repeat(_ZOOM, axis=1)
