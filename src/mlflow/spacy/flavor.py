"""The spaCy flavor: the library's own folder, in which nothing is pickled."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.functions import public_functions
from mlflow._flavor.load import model_folder, predicting
from mlflow._flavor.spec import Flavor
from mlflow.exceptions import MlflowException
from mlflow.models.environment import installed_version
from mlflow.models.saving import Dumped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_logger = logging.getLogger(__name__)
_FOLDER: Final = "model.spacy"


def _dump(pipeline: Any, folder: Path) -> Dumped:
    pipeline.to_disk(folder / _FOLDER)
    categorizes = _is_categorizer(pipeline)
    if not categorizes:
        _logger.warning(
            "The pipeline has no text categorizer, the one component that has a python_function"
            " flavor: load it with mlflow.spacy.load_model."
        )
    return Dumped(
        loader_module="mlflow.spacy",
        function={"data": _FOLDER} if categorizes else None,
        flavors={"spacy": {"spacy_version": installed_version("spacy"), "data": _FOLDER}},
        modules=frozenset({"spacy", "pandas"}),
        distributions=("spacy",),
    )


def _is_categorizer(pipeline: Any) -> bool:
    from spacy.pipeline import TextCategorizer  # noqa: PLC0415 - optional package

    return any(isinstance(component, TextCategorizer) for _, component in pipeline.pipeline)


def _load(folder: Path, conf: Mapping[str, Any]) -> Any:
    import spacy  # noqa: PLC0415 - optional package

    return spacy.load(model_folder(folder, conf["data"]))


def _predict(pipeline: Any, data: Any, _params: dict[str, Any]) -> Any:
    import pandas as pd  # noqa: PLC0415 - optional package

    if not isinstance(data, pd.DataFrame) or data.shape[1] != 1:
        raise MlflowException("A spaCy model takes a DataFrame with one column, the texts.")
    documents = pipeline.pipe(data.iloc[:, 0].tolist())
    return pd.DataFrame({"predictions": [document.cats for document in documents]})


FLAVOR: Final = Flavor(
    name="spacy",
    title="a spaCy pipeline",
    model="spacy_model",
    dump=_dump,
    load=_load,
    wrap=predicting(_predict),
    requirements=("spacy",),
    log=(
        "MODEL artifact_path ENV registered_model_name EXAMPLE PIP metadata extra_files LOGGED"
        " **kwargs"
    ),
)
FUNCTIONS: Final = public_functions(FLAVOR)
