"""The first program that a newcomer runs; with `--bare` without its mlflow lines."""

import sys
from typing import Any

BARE = "--bare" in sys.argv

if not BARE:
    import mlflow
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

if not BARE:
    mlflow.set_experiment("iris-classification")
X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2)


def train() -> tuple[dict[str, Any], LogisticRegression, float]:
    """Fit and score the model: what the program is about."""
    params = {"solver": "lbfgs", "max_iter": 1000}
    model = LogisticRegression(**params)
    model.fit(X_train, y_train)
    return params, model, accuracy_score(y_test, model.predict(X_test))


if BARE:
    train()
else:
    with mlflow.start_run():
        params, model, accuracy = train()
        mlflow.log_params(params)
        mlflow.log_metric("accuracy", accuracy)
        mlflow.sklearn.log_model(model, name="iris_model")
