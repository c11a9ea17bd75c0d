"""Values that the stores return."""

from mlflow.store.entities.paged_list import PagedList

__all__ = ["PagedList"]
