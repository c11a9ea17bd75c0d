"""The H2O flavor: the cluster's own binary file, fetched from it and sent to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.functions import public_functions
from mlflow._flavor.load import model_file, model_folder, predicting
from mlflow._flavor.spec import Argument, Flavor
from mlflow.models import yamlfile
from mlflow.models.choke import admit_code, admitted
from mlflow.models.environment import installed_version
from mlflow.models.saving import Dumped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FOLDER: Final = "model.h2o"
_SETTINGS: Final = "h2o.yaml"
# What may be said about a cluster without a path, an address or an option of Java in it.
_HARMLESS: Final = frozenset(
    {"nthreads", "max_mem_size", "min_mem_size", "strict_version_check", "enable_assertions"}
)


def _dump(
    model: Any, folder: Path, *, settings: Mapping[str, Any] | None = None, **options: Any
) -> Dumped:
    import h2o  # noqa: PLC0415 - optional package

    place = folder / _FOLDER
    place.mkdir()
    file = h2o.download_model(model, path=str(place), **options)
    name = file.replace("\\", "/").rpartition("/")[2]
    described = {"full_file": file, "model_file": name, "model_dir": str(place)}
    yamlfile.save(place / _SETTINGS, {**(settings or {}), **described})
    return Dumped(
        loader_module="mlflow.h2o",
        function={"data": _FOLDER},
        flavors={"h2o": {"h2o_version": installed_version("h2o"), "data": _FOLDER}},
        distributions=("h2o",),
    )


def _load(folder: Path, conf: Mapping[str, Any]) -> Any:
    import h2o  # noqa: PLC0415 - optional package

    place = model_folder(folder, conf["data"])
    settings = yamlfile.load(model_file(place, _SETTINGS))
    # The paths in it are those of the machine that wrote it; the name is what counts.
    path = admitted("H2O", model_file(place, str(settings["model_file"])))
    start = settings.get("init") or {}
    if not start.keys() <= _HARMLESS:
        admit_code("H2O settings", path)
    if h2o.connection() is None:
        h2o.init(**start)
        h2o.no_progress()
    return h2o.upload_model(str(path))


def _predict(model: Any, data: Any, _params: dict[str, Any]) -> Any:
    import h2o  # noqa: PLC0415 - optional package

    found = model.predict(h2o.H2OFrame(data)).as_data_frame()
    if hasattr(data, "index"):
        found.index = data.index
    return found


FLAVOR: Final = Flavor(
    name="h2o",
    title="an H2O model",
    model="h2o_model",
    dump=_dump,
    load=_load,
    wrap=predicting(_predict),
    requirements=("h2o",),
    own={
        "settings": Argument(
            None, dict[str, Any] | None, "What h2o.yaml says besides; ``init`` for ``h2o.init``."
        )
    },
    save="MODEL path ENV mlflow_model settings EXAMPLE PIP metadata extra_files **kwargs",
    log=(
        "MODEL artifact_path ENV registered_model_name EXAMPLE PIP metadata extra_files LOGGED"
        " **kwargs"
    ),
)
FUNCTIONS: Final = public_functions(FLAVOR)
