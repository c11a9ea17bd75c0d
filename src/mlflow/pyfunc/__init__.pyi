# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow.exceptions import MlflowException as MlflowException
from mlflow.models.archive import archive_directory as archive_directory
from mlflow.models.archive import extract_archive_to_dir as extract_archive_to_dir
from mlflow.models.auth_policy import AuthPolicy as AuthPolicy
from mlflow.models.model import Model as Model
from mlflow.models.resources import Resource as Resource
from mlflow.models.saving import add_to_model as add_to_model
from mlflow.models.signature import ModelSignature as ModelSignature
from mlflow.models.uv_project import copy_uv_project_files as copy_uv_project_files
from mlflow.pyfunc.backend import get_flavor_backend as get_flavor_backend
from mlflow.pyfunc.chat_agent import ChatAgent as ChatAgent
from mlflow.pyfunc.chat_model import ChatModel as ChatModel
from mlflow.pyfunc.context import Context as Context
from mlflow.pyfunc.context import set_prediction_context as set_prediction_context
from mlflow.pyfunc.load import FLAVOR_NAME as FLAVOR_NAME
from mlflow.pyfunc.load import get_model_dependencies as get_model_dependencies
from mlflow.pyfunc.load import load_model as load_model
from mlflow.pyfunc.load import load_pyfunc as load_pyfunc
from mlflow.pyfunc.loaded_model import PyFuncModel as PyFuncModel
from mlflow.pyfunc.mapping import dask_map as dask_map
from mlflow.pyfunc.mapping import ray_map as ray_map
from mlflow.pyfunc.mismatches import warn_dependency_requirement_mismatches as warn_dependency_requirement_mismatches
from mlflow.pyfunc.model import PythonModel as PythonModel
from mlflow.pyfunc.model import PythonModelContext as PythonModelContext
from mlflow.pyfunc.packed_environment import build_model_env as build_model_env
from mlflow.pyfunc.python_saving import update_signature_for_type_hint_from_example as update_signature_for_type_hint_from_example
from mlflow.pyfunc.responses_agent import ResponsesAgent as ResponsesAgent
from mlflow.pyfunc.save import get_default_conda_env as get_default_conda_env
from mlflow.pyfunc.save import get_default_pip_requirements as get_default_pip_requirements
from mlflow.pyfunc.save import log_model as log_model
from mlflow.pyfunc.save import save_model as save_model
from mlflow.pyfunc.spark_scoring import spark_udf as spark_udf
from mlflow.types.agent import ChatAgentRequest as ChatAgentRequest
from mlflow.types.agent import ChatAgentResponse as ChatAgentResponse
from mlflow.types.llm import ChatCompletionResponse as ChatCompletionResponse
from mlflow.types.llm import ChatMessage as ChatMessage
from mlflow.types.llm import ChatParams as ChatParams
from mlflow.types.type_hints import model_validate as model_validate

NAMES: Final[dict[str, str]]
__all__ = [
    'AuthPolicy',
    'ChatAgent',
    'ChatAgentRequest',
    'ChatAgentResponse',
    'ChatCompletionResponse',
    'ChatMessage',
    'ChatModel',
    'ChatParams',
    'Context',
    'DBConnectArtifactCache',
    'EnvType',
    'FLAVOR_NAME',
    'MlflowException',
    'Model',
    'ModelSignature',
    'Prompt',
    'PyFuncModel',
    'PythonModel',
    'PythonModelContext',
    'Resource',
    'ResponsesAgent',
    'add_to_model',
    'archive_directory',
    'build_model_env',
    'check_port_connectivity',
    'color_warning',
    'copy_uv_project_files',
    'dask_map',
    'deprecated',
    'developer_stable',
    'extract_archive_to_dir',
    'find_free_port',
    'format_docstring',
    'get_dbconnect_udf_sandbox_info',
    'get_default_conda_env',
    'get_default_pip_requirements',
    'get_flavor_backend',
    'get_major_minor_py_version',
    'get_model_dependencies',
    'get_nfs_cache_root_dir',
    'get_or_create_nfs_tmp_dir',
    'get_or_create_tmp_dir',
    'get_total_file_size',
    'is_databricks_connect',
    'is_in_databricks_runtime',
    'is_in_databricks_serverless_runtime',
    'is_in_databricks_shared_cluster_runtime',
    'is_spark_connect_mode',
    'load_model',
    'load_pyfunc',
    'log_model',
    'model_validate',
    'modified_environ',
    'parse_dbr_runtime_major_minor',
    'ray_map',
    'save_model',
    'set_prediction_context',
    'spark_udf',
    'trace_disabled',
    'update_signature_for_type_hint_from_example',
    'warn_dependency_requirement_mismatches',
    'write_to',
]

class DBConnectArtifactCache:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...

class EnvType:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...

class Prompt:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...
def check_port_connectivity(*args: Any, **kwargs: Any) -> NoReturn: ...
def color_warning(*args: Any, **kwargs: Any) -> NoReturn: ...
def deprecated(*args: Any, **kwargs: Any) -> NoReturn: ...
def developer_stable(*args: Any, **kwargs: Any) -> NoReturn: ...
def find_free_port(*args: Any, **kwargs: Any) -> NoReturn: ...
def format_docstring(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_dbconnect_udf_sandbox_info(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_major_minor_py_version(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_nfs_cache_root_dir(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_or_create_nfs_tmp_dir(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_or_create_tmp_dir(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_total_file_size(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_databricks_connect(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_in_databricks_runtime(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_in_databricks_serverless_runtime(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_in_databricks_shared_cluster_runtime(*args: Any, **kwargs: Any) -> NoReturn: ...
def is_spark_connect_mode(*args: Any, **kwargs: Any) -> NoReturn: ...
def modified_environ(*args: Any, **kwargs: Any) -> NoReturn: ...
def parse_dbr_runtime_major_minor(*args: Any, **kwargs: Any) -> NoReturn: ...
def trace_disabled(*args: Any, **kwargs: Any) -> NoReturn: ...
def write_to(*args: Any, **kwargs: Any) -> NoReturn: ...
