"""Figures of matplotlib and plotly as artifacts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from mlflow.tracking.multimedia.notes import WrongTypeError, file_path, suffix_of

if TYPE_CHECKING:
    from mlflow.store.artifact.artifact_repo import ArtifactRepository

_PLOTLY_IMAGES: Final = (".png", ".jpg", ".jpeg", ".webp", ".svg", ".pdf")


def log_figure(
    repository: ArtifactRepository,
    figure: Any,
    artifact_file: str,
    save_kwargs: dict[str, Any] | None = None,
) -> None:
    """Log a figure in the format of the path's suffix.

    Args:
        repository: Where the run's artifacts are.
        figure: A matplotlib or plotly figure.
        artifact_file: The artifact's path.
        save_kwargs: Passed on to ``savefig``, ``to_html`` or ``to_image``.
    """
    path = file_path(artifact_file)
    options = save_kwargs or {}
    # A figure can only exist where its library is loaded: no import is forced here.
    if _is_instance(figure, "matplotlib.figure", "Figure"):
        content = None
    elif _is_instance(figure, "plotly.basedatatypes", "BaseFigure"):
        content = _plotly(figure, suffix_of(path), options)
    else:
        raise WrongTypeError(
            f"Unsupported figure object type: '{type(figure)}'. Pass a matplotlib or plotly figure."
        )
    with repository.writer(path) as file:
        if content is None:
            figure.savefig(file, **{"format": suffix_of(path)[1:] or None, **options})
        else:
            file.write(content)


def _is_instance(value: object, module: str, name: str) -> bool:
    kind = getattr(sys.modules.get(module), name, None)
    return kind is not None and isinstance(value, kind)


def _plotly(figure: Any, suffix: str, options: dict[str, Any]) -> bytes:
    if suffix == ".html":
        html: str = figure.to_html(**{"include_plotlyjs": "cdn", **_without_browser(options)})
        return html.encode()
    if suffix in _PLOTLY_IMAGES:
        image: bytes = figure.to_image(**{"format": suffix[1:], **options})
        return image
    raise WrongTypeError(
        f"Unsupported file extension for plotly figure: {suffix!r}. Use .html or one of "
        f"{', '.join(_PLOTLY_IMAGES)}."
    )


def _without_browser(options: dict[str, Any]) -> dict[str, Any]:
    """Leave out what only ``write_html`` takes: nothing is opened here."""
    return {name: value for name, value in options.items() if name != "auto_open"}
