"""What a model needs where it is served, as values that MLmodel holds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar, Final

from mlflow.exceptions import MlflowException
from mlflow.models import yamlfile

API_VERSION: Final = "1"
_TARGET: Final = "databricks"


class ResourceType(Enum):
    """The kind of a resource."""

    UC_CONNECTION = "uc_connection"
    VECTOR_SEARCH_INDEX = "vector_search_index"
    SERVING_ENDPOINT = "serving_endpoint"
    SQL_WAREHOUSE = "sql_warehouse"
    FUNCTION = "function"
    GENIE_SPACE = "genie_space"
    TABLE = "table"
    APP = "app"
    LAKEBASE = "lakebase"
    UC_MODEL_SERVICE = "uc_model_service"


class Resource(ABC):
    """Something that a model needs where it is served."""

    @property
    @abstractmethod
    def type(self) -> ResourceType:
        """Its kind."""

    @property
    @abstractmethod
    def target_uri(self) -> str:
        """The system that has it."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return it as it is written to MLmodel."""

    @classmethod
    @abstractmethod
    def from_dict(cls, data: dict[str, str]) -> Resource:
        """Make it from its members.

        Args:
            data: The members.
        """


class DatabricksResource(Resource, ABC):
    """A resource that has a name."""

    _type: ClassVar[ResourceType]

    def __init__(self, name: str, on_behalf_of_user: bool | None = None) -> None:
        self.name = name
        self.on_behalf_of_user = on_behalf_of_user

    @property
    def type(self) -> ResourceType:
        """Its kind."""
        return self._type

    @property
    def target_uri(self) -> str:
        """The system that has it."""
        return _TARGET

    def to_dict(self) -> dict[str, Any]:
        """Return it as it is written to MLmodel."""
        user = self.on_behalf_of_user
        members = {"name": self.name, **({} if user is None else {"on_behalf_of_user": user})}
        return {self._type.value: [members]}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Resource:
        """Make it from its members.

        Args:
            data: The members.
        """
        return cls(data["name"], data.get("on_behalf_of_user"))

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    __hash__ = None  # type: ignore[assignment]  # compared by value, mutable


class DatabricksUCConnection(DatabricksResource):
    """A connection of Unity Catalog."""

    _type = ResourceType.UC_CONNECTION

    def __init__(self, connection_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(connection_name, on_behalf_of_user)


class DatabricksServingEndpoint(DatabricksResource):
    """An endpoint that serves a model."""

    _type = ResourceType.SERVING_ENDPOINT

    def __init__(self, endpoint_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(endpoint_name, on_behalf_of_user)


class DatabricksVectorSearchIndex(DatabricksResource):
    """An index of vectors."""

    _type = ResourceType.VECTOR_SEARCH_INDEX

    def __init__(self, index_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(index_name, on_behalf_of_user)


class DatabricksSQLWarehouse(DatabricksResource):
    """A SQL warehouse."""

    _type = ResourceType.SQL_WAREHOUSE

    def __init__(self, warehouse_id: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(warehouse_id, on_behalf_of_user)


class DatabricksFunction(DatabricksResource):
    """A function of Unity Catalog."""

    _type = ResourceType.FUNCTION

    def __init__(self, function_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(function_name, on_behalf_of_user)


class DatabricksGenieSpace(DatabricksResource):
    """A Genie space."""

    _type = ResourceType.GENIE_SPACE

    def __init__(self, genie_space_id: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(genie_space_id, on_behalf_of_user)


class DatabricksTable(DatabricksResource):
    """A table of Unity Catalog."""

    _type = ResourceType.TABLE

    def __init__(self, table_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(table_name, on_behalf_of_user)


class DatabricksApp(DatabricksResource):
    """An app."""

    _type = ResourceType.APP

    def __init__(self, app_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(app_name, on_behalf_of_user)


class DatabricksLakebase(DatabricksResource):
    """An instance of a database."""

    _type = ResourceType.LAKEBASE

    def __init__(self, database_instance_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(database_instance_name, on_behalf_of_user)


class DatabricksUCModelService(DatabricksResource):
    """A service of models."""

    _type = ResourceType.UC_MODEL_SERVICE

    def __init__(self, model_service_name: str, on_behalf_of_user: bool | None = None) -> None:
        super().__init__(model_service_name, on_behalf_of_user)


def written(resources: Any) -> dict[str, Any]:
    """Return resources as MLmodel holds them.

    Args:
        resources: A list of them, or the path of a YAML file that holds what MLmodel would.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where it is neither.
    """
    if isinstance(resources, (str, Path)):
        return _from_file(Path(resources))
    if not isinstance(resources, Sequence) or not all(
        isinstance(resource, Resource) for resource in resources
    ):
        raise MlflowException.invalid_parameter_value(
            "`resources` is a list of mlflow.models.resources.Resource, or the path of a YAML"
            f" file; got {resources!r}"
        )
    found: dict[str, Any] = {"api_version": API_VERSION}
    for resource in resources:
        kinds = found.setdefault(resource.target_uri, {})
        for kind, members in resource.to_dict().items():
            kinds.setdefault(kind, []).extend(members)
    return found


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise OSError(f"No such file or directory: '{path}'")
    content = yamlfile.load(path)
    if not isinstance(content, dict) or "api_version" not in content:
        raise MlflowException.invalid_parameter_value(
            f"{path} is no file of resources: it has no `api_version`"
        )
    kinds = {cls._type.value: cls for cls in DatabricksResource.__subclasses__()}
    resources: list[Resource] = []
    for target, by_kind in content.items():
        if target == "api_version":
            continue
        if target != _TARGET or not by_kind.keys() <= kinds.keys():
            raise MlflowException.invalid_parameter_value(
                f"Unsupported target URI: {target}, or a kind of resource that there is not in"
                f" {list(by_kind)}"
            )
        resources += [kinds[kind].from_dict(one) for kind, many in by_kind.items() for one in many]
    return written(resources)
