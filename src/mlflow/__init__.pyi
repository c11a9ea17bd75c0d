# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow import artifacts as artifacts
from mlflow import catboost as catboost
from mlflow import client as client
from mlflow import config as config
from mlflow import data as data
from mlflow import entities as entities
from mlflow import environment_variables as environment_variables
from mlflow import exceptions as exceptions
from mlflow import h2o as h2o
from mlflow import keras as keras
from mlflow import lightgbm as lightgbm
from mlflow import metrics as metrics
from mlflow import models as models
from mlflow import onnx as onnx
from mlflow import paddle as paddle
from mlflow import pmdarima as pmdarima
from mlflow import prophet as prophet
from mlflow import pyfunc as pyfunc
from mlflow import pytorch as pytorch
from mlflow import sentence_transformers as sentence_transformers
from mlflow import shap as shap
from mlflow import sklearn as sklearn
from mlflow import spacy as spacy
from mlflow import spark as spark
from mlflow import statsmodels as statsmodels
from mlflow import store as store
from mlflow import system_metrics as system_metrics
from mlflow import tensorflow as tensorflow
from mlflow import tracking as tracking
from mlflow import transformers as transformers
from mlflow import types as types
from mlflow import version as version
from mlflow import xgboost as xgboost
from mlflow._autolog.switch import autolog as autolog
from mlflow._evaluate.evaluate import evaluate as evaluate
from mlflow._evaluate.validation import validate_evaluation_results as validate_evaluation_results
from mlflow.cli.doctor import doctor as doctor
from mlflow.exceptions import MlflowException as MlflowException
from mlflow.models.checkpoints import import_checkpoints as import_checkpoints
from mlflow.system_metrics import disable_system_metrics_logging as disable_system_metrics_logging
from mlflow.system_metrics import enable_system_metrics_logging as enable_system_metrics_logging
from mlflow.system_metrics import set_system_metrics_node_id as set_system_metrics_node_id
from mlflow.system_metrics import set_system_metrics_samples_before_logging as set_system_metrics_samples_before_logging
from mlflow.system_metrics import set_system_metrics_sampling_interval as set_system_metrics_sampling_interval
from mlflow.tracking import get_registry_uri as get_registry_uri
from mlflow.tracking import get_tracking_uri as get_tracking_uri
from mlflow.tracking import is_tracking_uri_set as is_tracking_uri_set
from mlflow.tracking import set_registry_uri as set_registry_uri
from mlflow.tracking import set_tracking_uri as set_tracking_uri
from mlflow.tracking.async_logging import flush_trace_async_logging as flush_trace_async_logging
from mlflow.tracking.client import MlflowClient as MlflowClient
from mlflow.tracking.fluent import ActiveModel as ActiveModel
from mlflow.tracking.fluent import ActiveRun as ActiveRun
from mlflow.tracking.fluent import active_run as active_run
from mlflow.tracking.fluent import clear_active_model as clear_active_model
from mlflow.tracking.fluent import create_experiment as create_experiment
from mlflow.tracking.fluent import create_external_model as create_external_model
from mlflow.tracking.fluent import delete_experiment as delete_experiment
from mlflow.tracking.fluent import delete_experiment_tag as delete_experiment_tag
from mlflow.tracking.fluent import delete_logged_model_tag as delete_logged_model_tag
from mlflow.tracking.fluent import delete_run as delete_run
from mlflow.tracking.fluent import delete_tag as delete_tag
from mlflow.tracking.fluent import end_run as end_run
from mlflow.tracking.fluent import finalize_logged_model as finalize_logged_model
from mlflow.tracking.fluent import flush_artifact_async_logging as flush_artifact_async_logging
from mlflow.tracking.fluent import flush_async_logging as flush_async_logging
from mlflow.tracking.fluent import get_active_model_id as get_active_model_id
from mlflow.tracking.fluent import get_artifact_uri as get_artifact_uri
from mlflow.tracking.fluent import get_experiment as get_experiment
from mlflow.tracking.fluent import get_experiment_by_name as get_experiment_by_name
from mlflow.tracking.fluent import get_logged_model as get_logged_model
from mlflow.tracking.fluent import get_parent_run as get_parent_run
from mlflow.tracking.fluent import get_run as get_run
from mlflow.tracking.fluent import initialize_logged_model as initialize_logged_model
from mlflow.tracking.fluent import last_active_run as last_active_run
from mlflow.tracking.fluent import last_logged_model as last_logged_model
from mlflow.tracking.fluent import load_table as load_table
from mlflow.tracking.fluent import log_artifact as log_artifact
from mlflow.tracking.fluent import log_artifacts as log_artifacts
from mlflow.tracking.fluent import log_dict as log_dict
from mlflow.tracking.fluent import log_figure as log_figure
from mlflow.tracking.fluent import log_image as log_image
from mlflow.tracking.fluent import log_input as log_input
from mlflow.tracking.fluent import log_inputs as log_inputs
from mlflow.tracking.fluent import log_metric as log_metric
from mlflow.tracking.fluent import log_metrics as log_metrics
from mlflow.tracking.fluent import log_model_params as log_model_params
from mlflow.tracking.fluent import log_outputs as log_outputs
from mlflow.tracking.fluent import log_param as log_param
from mlflow.tracking.fluent import log_params as log_params
from mlflow.tracking.fluent import log_stream as log_stream
from mlflow.tracking.fluent import log_table as log_table
from mlflow.tracking.fluent import log_text as log_text
from mlflow.tracking.fluent import register_model as register_model
from mlflow.tracking.fluent import restore_experiment as restore_experiment
from mlflow.tracking.fluent import restore_run as restore_run
from mlflow.tracking.fluent import search_experiments as search_experiments
from mlflow.tracking.fluent import search_logged_models as search_logged_models
from mlflow.tracking.fluent import search_model_versions as search_model_versions
from mlflow.tracking.fluent import search_registered_models as search_registered_models
from mlflow.tracking.fluent import search_runs as search_runs
from mlflow.tracking.fluent import set_active_model as set_active_model
from mlflow.tracking.fluent import set_experiment as set_experiment
from mlflow.tracking.fluent import set_experiment_tag as set_experiment_tag
from mlflow.tracking.fluent import set_experiment_tags as set_experiment_tags
from mlflow.tracking.fluent import set_logged_model_tags as set_logged_model_tags
from mlflow.tracking.fluent import set_model_version_tag as set_model_version_tag
from mlflow.tracking.fluent import set_tag as set_tag
from mlflow.tracking.fluent import set_tags as set_tags
from mlflow.tracking.fluent import start_run as start_run
from mlflow.tracking.multimedia import Image as Image

NAMES: Final[dict[str, str]]
__all__ = [
    'ActiveModel',
    'ActiveRun',
    'Image',
    'MlflowClient',
    'MlflowException',
    'VERSION',
    'active_run',
    'add_trace',
    'artifacts',
    'autolog',
    'catboost',
    'clear_active_model',
    'client',
    'config',
    'context',
    'create_experiment',
    'create_external_model',
    'create_workspace',
    'data',
    'delete_assessment',
    'delete_experiment',
    'delete_experiment_tag',
    'delete_logged_model_tag',
    'delete_prompt_alias',
    'delete_run',
    'delete_tag',
    'delete_trace_tag',
    'delete_workspace',
    'disable_system_metrics_logging',
    'doctor',
    'enable_system_metrics_logging',
    'end_run',
    'entities',
    'environment_variables',
    'evaluate',
    'exceptions',
    'finalize_logged_model',
    'flush_artifact_async_logging',
    'flush_async_logging',
    'flush_trace_async_logging',
    'get_active_model_id',
    'get_active_trace_id',
    'get_artifact_uri',
    'get_assessment',
    'get_current_active_span',
    'get_experiment',
    'get_experiment_by_name',
    'get_last_active_trace_id',
    'get_logged_model',
    'get_parent_run',
    'get_registry_uri',
    'get_run',
    'get_trace',
    'get_tracking_uri',
    'get_workspace',
    'h2o',
    'import_checkpoints',
    'initialize_logged_model',
    'is_tracking_uri_set',
    'keras',
    'last_active_run',
    'last_logged_model',
    'lightgbm',
    'list_workspaces',
    'load_prompt',
    'load_table',
    'log_artifact',
    'log_artifacts',
    'log_assessment',
    'log_dict',
    'log_expectation',
    'log_feedback',
    'log_figure',
    'log_image',
    'log_input',
    'log_inputs',
    'log_issue',
    'log_metric',
    'log_metrics',
    'log_model_params',
    'log_outputs',
    'log_param',
    'log_params',
    'log_stream',
    'log_table',
    'log_text',
    'log_trace',
    'login',
    'metrics',
    'models',
    'onnx',
    'override_feedback',
    'paddle',
    'pmdarima',
    'prophet',
    'protos',
    'pyfunc',
    'pytorch',
    'register_model',
    'register_prompt',
    'restore_experiment',
    'restore_run',
    'run',
    'search_experiments',
    'search_logged_models',
    'search_model_versions',
    'search_prompts',
    'search_registered_models',
    'search_runs',
    'search_sessions',
    'search_traces',
    'sentence_transformers',
    'set_active_model',
    'set_experiment',
    'set_experiment_tag',
    'set_experiment_tags',
    'set_logged_model_tags',
    'set_model_version_tag',
    'set_prompt_alias',
    'set_registry_uri',
    'set_system_metrics_node_id',
    'set_system_metrics_samples_before_logging',
    'set_system_metrics_sampling_interval',
    'set_tag',
    'set_tags',
    'set_trace_tag',
    'set_tracking_uri',
    'set_workspace',
    'shap',
    'sklearn',
    'spacy',
    'spark',
    'start_run',
    'start_span',
    'start_span_no_context',
    'statsmodels',
    'store',
    'system_metrics',
    'tensorflow',
    'test',
    'trace',
    'tracking',
    'transformers',
    'types',
    'update_assessment',
    'update_current_trace',
    'update_workspace',
    'utils',
    'validate_evaluation_results',
    'version',
    'xgboost',
]
VERSION: Final[str]
__version__: Final[str]
def add_trace(*args: Any, **kwargs: Any) -> NoReturn: ...
def context(*args: Any, **kwargs: Any) -> NoReturn: ...
def create_workspace(*args: Any, **kwargs: Any) -> NoReturn: ...
def delete_assessment(*args: Any, **kwargs: Any) -> NoReturn: ...
def delete_prompt_alias(*args: Any, **kwargs: Any) -> NoReturn: ...
def delete_trace_tag(*args: Any, **kwargs: Any) -> NoReturn: ...
def delete_workspace(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_active_trace_id(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_assessment(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_current_active_span(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_last_active_trace_id(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_trace(*args: Any, **kwargs: Any) -> NoReturn: ...
def get_workspace(*args: Any, **kwargs: Any) -> NoReturn: ...
def list_workspaces(*args: Any, **kwargs: Any) -> NoReturn: ...
def load_prompt(*args: Any, **kwargs: Any) -> NoReturn: ...
def log_assessment(*args: Any, **kwargs: Any) -> NoReturn: ...
def log_expectation(*args: Any, **kwargs: Any) -> NoReturn: ...
def log_feedback(*args: Any, **kwargs: Any) -> NoReturn: ...
def log_issue(*args: Any, **kwargs: Any) -> NoReturn: ...
def log_trace(*args: Any, **kwargs: Any) -> NoReturn: ...
def login(*args: Any, **kwargs: Any) -> NoReturn: ...
def override_feedback(*args: Any, **kwargs: Any) -> NoReturn: ...
protos: Any
def register_prompt(*args: Any, **kwargs: Any) -> NoReturn: ...
def run(*args: Any, **kwargs: Any) -> NoReturn: ...
def search_prompts(*args: Any, **kwargs: Any) -> NoReturn: ...
def search_sessions(*args: Any, **kwargs: Any) -> NoReturn: ...
def search_traces(*args: Any, **kwargs: Any) -> NoReturn: ...
def set_prompt_alias(*args: Any, **kwargs: Any) -> NoReturn: ...
def set_trace_tag(*args: Any, **kwargs: Any) -> NoReturn: ...
def set_workspace(*args: Any, **kwargs: Any) -> NoReturn: ...
def start_span(*args: Any, **kwargs: Any) -> NoReturn: ...
def start_span_no_context(*args: Any, **kwargs: Any) -> NoReturn: ...
def test(*args: Any, **kwargs: Any) -> NoReturn: ...
def trace(*args: Any, **kwargs: Any) -> NoReturn: ...
def update_assessment(*args: Any, **kwargs: Any) -> NoReturn: ...
def update_current_trace(*args: Any, **kwargs: Any) -> NoReturn: ...
def update_workspace(*args: Any, **kwargs: Any) -> NoReturn: ...
utils: Any
