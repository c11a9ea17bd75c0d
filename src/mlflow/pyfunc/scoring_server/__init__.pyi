# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow.models.payload import DF_RECORDS as DF_RECORDS
from mlflow.models.payload import DF_SPLIT as DF_SPLIT
from mlflow.models.payload import INPUTS as INPUTS
from mlflow.models.payload import INSTANCES as INSTANCES
from mlflow.models.payload import PARAMS as SERVING_PARAMS_KEY
from mlflow.models.payload import SUPPORTED_FORMATS as SUPPORTED_FORMATS
from mlflow.models.payload import infer_and_parse_data as infer_and_parse_data
from mlflow.models.payload import parse_csv_input as parse_csv_input
from mlflow.models.payload import parse_parquet_input as parse_parquet_input
from mlflow.pyfunc.scoring_server.app import init as init
from mlflow.pyfunc.scoring_server.content import CONTENT_TYPES as CONTENT_TYPES
from mlflow.pyfunc.scoring_server.content import CONTENT_TYPE_CSV as CONTENT_TYPE_CSV
from mlflow.pyfunc.scoring_server.content import CONTENT_TYPE_JSON as CONTENT_TYPE_JSON
from mlflow.pyfunc.scoring_server.content import CONTENT_TYPE_JSON_SPLIT_ORIENTED as CONTENT_TYPE_JSON_SPLIT_ORIENTED
from mlflow.pyfunc.scoring_server.content import CONTENT_TYPE_PARQUET as CONTENT_TYPE_PARQUET
from mlflow.pyfunc.scoring_server.invoke import InvocationsResponse as InvocationsResponse
from mlflow.pyfunc.scoring_server.invoke import dataframe_from_parsed_json as dataframe_from_parsed_json
from mlflow.pyfunc.scoring_server.invoke import infer_and_parse_json_input as infer_and_parse_json_input
from mlflow.pyfunc.scoring_server.invoke import invocations as invocations
from mlflow.pyfunc.scoring_server.invoke import parse_tf_serving_input as parse_tf_serving_input
from mlflow.pyfunc.scoring_server.predictions import predictions_to_json as predictions_to_json
from mlflow.pyfunc.scoring_server.predictions import unwrapped_predictions_to_json as unwrapped_predictions_to_json

NAMES: Final[dict[str, str]]
__all__ = [
    'CONTENT_TYPES',
    'CONTENT_TYPE_CSV',
    'CONTENT_TYPE_JSON',
    'CONTENT_TYPE_JSON_SPLIT_ORIENTED',
    'CONTENT_TYPE_PARQUET',
    'DF_RECORDS',
    'DF_SPLIT',
    'INPUTS',
    'INSTANCES',
    'InvocationsResponse',
    'SERVING_PARAMS_KEY',
    'SUPPORTED_FORMATS',
    'dataframe_from_parsed_json',
    'infer_and_parse_data',
    'infer_and_parse_json_input',
    'init',
    'invocations',
    'parse_csv_input',
    'parse_parquet_input',
    'parse_tf_serving_input',
    'predictions_to_json',
    'unwrapped_predictions_to_json',
]
