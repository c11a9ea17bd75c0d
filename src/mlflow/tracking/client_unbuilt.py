"""Methods of the client that are not built yet: their recorded names and parameters.

They can be found, copied and inspected; calling one raises ``NotImplementedError``.
"""

from __future__ import annotations

import ast
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from mlflow._core.lazy import not_built

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

C = TypeVar("C", bound=type)

# Parameters after self; ... stands for a default that means "leave as it is".
UNBUILT_METHODS: Final[Mapping[str, str]] = {
    "add_dataset_to_experiments": "dataset_id, experiment_ids",
    "create_dataset": "name, experiment_id=None, tags=None",
    "create_mcp_access_endpoint": (
        'server_name, url, transport_type="<MCPRemoteTransportType.STREAMABLE_HTTP: '
        "'streamable-http'>\", server_version=None, server_alias=None"
    ),
    "create_mcp_server": "name, description=None, icons=None",
    "create_mcp_server_version": (
        "server_json, source=None, status=None, tools=..., connect_options=None"
    ),
    "create_prompt": "name, description=None, tags=None",
    "create_prompt_version": (
        "name, template, description=None, tags=None, response_format=None, model_config=None"
    ),
    "create_workspace": (
        "name, description=None, default_artifact_root=None, trace_archival_config=None"
    ),
    "delete_dataset": "dataset_id",
    "delete_dataset_tag": "dataset_id, key",
    "delete_mcp_access_endpoint": "server_name, endpoint_id",
    "delete_mcp_server": "name",
    "delete_mcp_server_alias": "name, alias",
    "delete_mcp_server_tag": "name, key",
    "delete_mcp_server_version": "name, version",
    "delete_mcp_server_version_tag": "name, version, key",
    "delete_prompt": "name",
    "delete_prompt_alias": "name, alias",
    "delete_prompt_tag": "name, key",
    "delete_prompt_version": "name, version",
    "delete_prompt_version_tag": "name, version, key",
    "delete_trace_tag": "trace_id, key",
    "delete_traces": "experiment_id, max_timestamp_millis=None, max_traces=None, trace_ids=None",
    "delete_workspace": "name, mode=\"<WorkspaceDeletionMode.RESTRICT: 'RESTRICT'>\"",
    "detach_prompt_from_run": "run_id, prompt_uri",
    "end_span": 'trace_id, span_id, outputs=None, attributes=None, status="OK", end_time_ns=None',
    "end_trace": 'trace_id, outputs=None, attributes=None, status="OK", end_time_ns=None',
    "get_dataset": "dataset_id",
    "get_latest_mcp_server_version": "name",
    "get_mcp_access_endpoint": "server_name, endpoint_id",
    "get_mcp_server": "name",
    "get_mcp_server_version": "name, version",
    "get_mcp_server_version_by_alias": "name, alias",
    "get_prompt": "name",
    "get_prompt_version": "name, version",
    "get_prompt_version_by_alias": "name, alias",
    "get_trace": "trace_id, display=True, flush=False",
    "get_workspace": "name",
    "get_workspace_store_uri": "",
    "link_prompt_version_to_model": "name, version, model_id",
    "link_prompt_version_to_run": "run_id, prompt",
    "link_prompt_versions_to_trace": "prompt_versions, trace_id",
    "link_traces_to_run": "trace_ids, run_id",
    "list_logged_prompts": "run_id",
    "list_workspaces": "",
    "load_prompt": "name_or_uri, version=None, allow_missing=False, cache_ttl_seconds=None",
    "parse_prompt_uri": "uri",
    "refresh_mcp_server_version_tools": (
        "name, version, mcp_server_access_headers=None, dry_run=False"
    ),
    "register_prompt": (
        "name, template, commit_message=None, tags=None, response_format=None, model_config=None"
    ),
    "remove_dataset_from_experiments": "dataset_id, experiment_ids",
    "search_datasets": (
        "experiment_ids=None, filter_string=None, max_results=50, order_by=None, page_token=None"
    ),
    "search_mcp_access_endpoints": (
        "server_name=None, server_version=None, server_alias=None, filter_string=None, "
        "max_results=1000, order_by=None, page_token=None"
    ),
    "search_mcp_server_versions": (
        "name, filter_string=None, max_results=1000, order_by=None, page_token=None"
    ),
    "search_mcp_servers": "filter_string=None, max_results=1000, order_by=None, page_token=None",
    "search_prompt_versions": "name, max_results=None, page_token=None",
    "search_prompts": "filter_string=None, max_results=1000, page_token=None, order_by=None",
    "search_traces": (
        "experiment_ids=None, filter_string=None, max_results=100, order_by=None, "
        "page_token=None, run_id=None, include_spans=True, model_id=None, locations=None, "
        "flush=False"
    ),
    "set_dataset_tags": "dataset_id, tags",
    "set_mcp_server_alias": "name, alias, version",
    "set_mcp_server_tag": "name, key, value",
    "set_mcp_server_version_tag": "name, version, key, value",
    "set_prompt_alias": "name, alias, version",
    "set_prompt_tag": "name, key, value",
    "set_prompt_version_tag": "name, version, key, value",
    "set_trace_tag": "trace_id, key, value",
    "start_span": (
        'name, trace_id, parent_id, span_type="UNKNOWN", inputs=None, attributes=None, '
        "start_time_ns=None, links=None"
    ),
    "start_trace": (
        'name, span_type="UNKNOWN", inputs=None, attributes=None, tags=None, '
        "experiment_id=None, start_time_ns=None, run_id=None, links=None"
    ),
    "unlink_traces_from_run": "trace_ids, run_id",
    "update_mcp_access_endpoint": (
        "server_name, endpoint_id, url=..., transport_type=..., server_version=..., "
        "server_alias=..."
    ),
    "update_mcp_server": "name, display_name=..., description=..., icons=...",
    "update_mcp_server_version": "name, version, status=..., tools=..., connect_options=...",
    "update_workspace": (
        "name, description=None, default_artifact_root=None, trace_archival_config=None"
    ),
}


class UnbuiltMethod:
    """A method that exists only to say that it is not built."""

    def __init__(self, name: str, parameters: str, owner: str) -> None:
        self.__name__ = name
        self.__qualname__ = f"{owner}.{name}"
        self.__doc__ = f"Not built yet: {name} (see COMPATIBILITY.md)."
        self._parameters = parameters

    @property
    def __signature__(self) -> Signature:
        """The recorded parameters, as inspect.signature() asks for them."""
        return Signature(
            [Parameter("self", Parameter.POSITIONAL_OR_KEYWORD), *_parsed(self._parameters)]
        )

    def __call__(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Say that the method is not built."""
        raise not_built(f"mlflow.{self.__qualname__}")


class _Named:
    """A default value of a class that is not built; it looks as the value would."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


_LEAVE_AS_IT_IS: Final = object()


def _default(value: object) -> object:
    if value is ...:
        return _LEAVE_AS_IT_IS
    return _Named(value) if isinstance(value, str) and value.startswith("<") else value


def _parsed(parameters: str) -> Iterator[Parameter]:
    tree = ast.parse(f"def f({parameters}): ...").body[0]
    assert isinstance(tree, ast.FunctionDef)  # noqa: S101 - for the type checker
    required = len(tree.args.args) - len(tree.args.defaults)
    for position, argument in enumerate(tree.args.args):
        default: Any = Parameter.empty
        if position >= required:
            default = _default(ast.literal_eval(tree.args.defaults[position - required]))
        yield Parameter(argument.arg, Parameter.POSITIONAL_OR_KEYWORD, default=default)


def with_unbuilt_methods(cls: C) -> C:
    """Give a class the methods of the table that it does not have."""
    for name, parameters in UNBUILT_METHODS.items():
        if not hasattr(cls, name):
            setattr(cls, name, UnbuiltMethod(name, parameters, cls.__name__))
    return cls
