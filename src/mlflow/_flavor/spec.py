"""What a flavor is: a few functions and names; everything else is the engine's."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from mlflow.models.saving import Dumped
    from mlflow.models.signature import ModelSignature

REQUIRED: Final = inspect.Parameter.empty

# Layouts of the public functions; ``mlflow._flavor.arguments`` says how they are read.
SAVE: Final = "MODEL path ENV mlflow_model EXAMPLE PIP OWN metadata extra_files"
LOG: Final = (
    "MODEL artifact_path ENV registered_model_name EXAMPLE await_registration_for PIP OWN"
    " metadata extra_files LOGGED **kwargs"
)
LOAD: Final = "model_uri dst_path"


class Argument(NamedTuple):
    """An argument of a public function."""

    default: Any
    type: Any
    doc: str


@dataclass(frozen=True, kw_only=True)
class Flavor:
    """A flavor.

    Attributes:
        name: Its name in MLmodel.
        title: What it saves, in a sentence: ``an XGBoost model``.
        model: The name of the argument that is the model.
        dump: ``dump(model, folder, **own)`` writes a model into a folder; says what it wrote and
            what that needs.
        load: ``load(folder, settings, **own)`` reads a model from a folder, given the flavor's
            settings. It reads formats that can run code through ``mlflow.models.choke`` only.
        wrap: ``wrap(model, settings)`` makes the object with ``predict`` of a model.
        requirements: The distributions that a model needs by default; or a function of the
            arguments in ``defaults`` that returns them.
        own: The arguments that only this flavor has.
        save: The layout of ``save_model``.
        log: The layout of ``log_model``.
        read: The layout of ``load_model``.
        defaults: The layout of ``get_default_pip_requirements``.
        signature: ``signature(model, example, **own)`` for models that know their signature
            themselves; None for one that has to be inferred, False where there is none.
        open_function: ``open_function(folder, settings, model_config)`` makes the object with
            ``predict`` of a folder where that is not ``wrap(load(…), …)``.
        module: The public module; ``mlflow.<name>`` by default.
        needs: The shared arguments that ``dump`` is given besides its own: ``signature``, …
        check: ``check(options, **own)`` refuses shared arguments, a ``SaveOptions``, that the
            flavor's own ones contradict.
        prepare: ``prepare(model, **own)`` makes what the other functions take of what was given.
        example: Makes data that an example can hold of the library's own; None leaves it out.
    """

    name: str
    title: str
    model: str
    dump: Callable[..., Dumped]
    load: Callable[..., Any]
    wrap: Callable[[Any, Mapping[str, Any]], Any]
    requirements: tuple[str, ...] | Callable[..., list[str]]
    own: Mapping[str, Argument] = field(default_factory=dict)
    save: str = SAVE
    log: str = LOG
    read: str = LOAD
    defaults: str = ""
    signature: Callable[..., ModelSignature | bool | None] | None = None
    open_function: Callable[[Path, Mapping[str, Any], Any], Any] | None = None
    module: str = ""
    needs: tuple[str, ...] = ()
    check: Callable[..., None] | None = None
    prepare: Callable[..., Any] | None = None
    example: Callable[[Any], Any] | None = None

    @property
    def public(self) -> str:
        """The public module."""
        return self.module or f"mlflow.{self.name}"
