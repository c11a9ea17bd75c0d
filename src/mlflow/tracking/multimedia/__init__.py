"""Rich artifacts of a run: text, dictionaries, figures, images, tables, streams.

Every function takes the repository of the run's artifacts first and an artifact path; it knows
neither clients nor stores. A caller that has a run id finds the repository and hands it over:

    repository = artifact_repository_of(run)            # store.artifact.ArtifactRepository
    text.log_text(repository, "hello", "notes/a.txt")
    text.log_dict(repository, {"a": 1}, "a.json")
    stream.log_stream(repository, file, "data.bin")
    figure.log_figure(repository, figure, "plots/loss.png", save_kwargs={"dpi": 200})

What also keeps a note in the run's tags takes a ``RunTags`` (two functions):

    tags = RunTags(get=lambda key: …, set=lambda key, value: …)
    image.log_image(repository, tags, picture, key="samples", step=3, submit=queue.submit)
    table.log_table(repository, tags, {"a": [1, 2]}, "eval.json")
    table.load_table(runs, repository_of_run, "eval.json", extra_columns=["run_id"])

``table.table_filter("eval.json")`` is the search filter that finds the runs for ``load_table``;
``submit`` runs a function later (an asynchronous ``log_image``), at once when it is None.

Something new to log is a function of this shape in a file of its own: it opens
``repository.writer(path)`` and writes bytes; the artifact appears only when the block succeeds.
"""

from mlflow.tracking.multimedia.image import Image
from mlflow.tracking.multimedia.notes import RunTags

__all__ = ["Image", "RunTags"]
