"""The PaddlePaddle flavor: static programs; parameters to train on are the library's pickles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._flavor.functions import public_functions
from mlflow._flavor.load import model_file, predicting
from mlflow._flavor.spec import Argument, Flavor
from mlflow.models.choke import admit_code
from mlflow.models.environment import installed_version
from mlflow.models.saving import Dumped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NAME: Final = "model"  # the files' name; the library adds suffixes
_PARAMETERS: Final = ".pdparams"


def _dump(model: Any, folder: Path, *, training: bool) -> Dumped:
    import paddle  # noqa: PLC0415 - optional package

    path = str(folder / _NAME)
    if isinstance(model, paddle.Model):
        model.save(path, training=training)
    else:
        paddle.jit.save(model, path)
    return Dumped(
        loader_module="mlflow.paddle",
        function={"model_path": _NAME},
        flavors={
            "paddle": {
                "pickled_model": _NAME,
                "paddle_version": installed_version("paddlepaddle"),
            }
        },
        distributions=("paddlepaddle",),
    )


def _load(folder: Path, conf: Mapping[str, Any], model: Any = None, **options: Any) -> Any:
    import paddle  # noqa: PLC0415 - optional package

    if model is None:
        return paddle.jit.load(str(folder / conf["pickled_model"]), **options)
    file = model_file(folder, conf["pickled_model"] + _PARAMETERS)
    admit_code("Paddle pickle", file)
    model.load(str(file.with_suffix("")), **options)
    return model


def _predict(model: Any, data: Any, _params: dict[str, Any]) -> Any:
    import numpy as np  # noqa: PLC0415 - optional package
    import paddle  # noqa: PLC0415 - optional package
    import pandas as pd  # noqa: PLC0415 - optional package

    is_frame = isinstance(data, pd.DataFrame)
    if not is_frame and not isinstance(data, np.ndarray):
        raise TypeError(f"Input data should be pandas.DataFrame or numpy.ndarray: {type(data)}")
    given = data.to_numpy(dtype="float32") if is_frame else data
    model.eval()
    return pd.DataFrame(model(paddle.to_tensor(given)).numpy())


FLAVOR: Final = Flavor(
    name="paddle",
    title="a PaddlePaddle model",
    model="pd_model",
    dump=_dump,
    load=_load,
    wrap=predicting(_predict),
    requirements=("paddlepaddle",),
    own={
        "training": Argument(
            False, bool, "Save the parameters and the optimizer of a ``paddle.Model`` to go on."
        ),
        "model": Argument(None, Any, "The ``paddle.Model`` to load saved parameters into."),
    },
    save="MODEL path training ENV mlflow_model EXAMPLE PIP metadata extra_files **kwargs",
    log=(
        "MODEL artifact_path training ENV registered_model_name EXAMPLE await_registration_for PIP"
        " metadata extra_files LOGGED **kwargs"
    ),
    read="model_uri model dst_path **kwargs",
)
FUNCTIONS: Final = public_functions(FLAVOR)
