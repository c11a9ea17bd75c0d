# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow._evaluate.artifacts import EvaluationArtifact as EvaluationArtifact
from mlflow._evaluate.evaluate import evaluate as evaluate
from mlflow._evaluate.evaluators import list_evaluators as list_evaluators
from mlflow._evaluate.metric import EvaluationMetric as EvaluationMetric
from mlflow._evaluate.metric import make_metric as make_metric
from mlflow._evaluate.result import EvaluationResult as EvaluationResult
from mlflow._evaluate.validation import MetricThreshold as MetricThreshold
from mlflow.models.checkpoints import keep_best as keep_best
from mlflow.models.choke import trust as trust
from mlflow.models.code import ModelConfig as ModelConfig
from mlflow.models.code import set_model as set_model
from mlflow.models.dependencies_schemas import set_retriever_schema as set_retriever_schema
from mlflow.models.docker import build_docker as build_docker
from mlflow.models.editing import set_signature as set_signature
from mlflow.models.editing import update_model_requirements as update_model_requirements
from mlflow.models.enforce import validate_schema as validate_schema
from mlflow.models.example import convert_input_example_to_serving_input as convert_input_example_to_serving_input
from mlflow.models.flavor_backend import FlavorBackend as FlavorBackend
from mlflow.models.model import Model as Model
from mlflow.models.model import get_model_info as get_model_info
from mlflow.models.resources import Resource as Resource
from mlflow.models.resources import ResourceType as ResourceType
from mlflow.models.signature import ModelSignature as ModelSignature
from mlflow.models.signature import infer_signature as infer_signature
from mlflow.models.wheeled import add_libraries_to_model as add_libraries_to_model
from mlflow.pyfunc.python_api import infer_pip_requirements as infer_pip_requirements
from mlflow.pyfunc.python_api import predict as predict
from mlflow.pyfunc.python_api import validate_serving_input as validate_serving_input

NAMES: Final[dict[str, str]]
__all__ = [
    'EvaluationArtifact',
    'EvaluationMetric',
    'EvaluationResult',
    'FlavorBackend',
    'MetricThreshold',
    'Model',
    'ModelConfig',
    'ModelSignature',
    'Resource',
    'ResourceType',
    'add_libraries_to_model',
    'build_docker',
    'convert_input_example_to_serving_input',
    'evaluate',
    'get_model_info',
    'infer_pip_requirements',
    'infer_signature',
    'keep_best',
    'list_evaluators',
    'make_metric',
    'predict',
    'set_model',
    'set_retriever_schema',
    'set_signature',
    'trust',
    'update_model_requirements',
    'validate_schema',
    'validate_serving_input',
]
