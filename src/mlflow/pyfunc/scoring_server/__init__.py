"""Serving models over HTTP: the server, and what other servers take from it."""

from typing import Final

from mlflow._core.lazy import attach

NAMES: Final = {
    "CONTENT_TYPES": "mlflow.pyfunc.scoring_server.content:CONTENT_TYPES",
    "CONTENT_TYPE_CSV": "mlflow.pyfunc.scoring_server.content:CONTENT_TYPE_CSV",
    "CONTENT_TYPE_JSON": "mlflow.pyfunc.scoring_server.content:CONTENT_TYPE_JSON",
    "CONTENT_TYPE_JSON_SPLIT_ORIENTED": (
        "mlflow.pyfunc.scoring_server.content:CONTENT_TYPE_JSON_SPLIT_ORIENTED"
    ),
    "CONTENT_TYPE_PARQUET": "mlflow.pyfunc.scoring_server.content:CONTENT_TYPE_PARQUET",
    "DF_RECORDS": "mlflow.models.payload:DF_RECORDS",
    "DF_SPLIT": "mlflow.models.payload:DF_SPLIT",
    "INPUTS": "mlflow.models.payload:INPUTS",
    "INSTANCES": "mlflow.models.payload:INSTANCES",
    "InvocationsResponse": "mlflow.pyfunc.scoring_server.invoke:InvocationsResponse",
    "SERVING_PARAMS_KEY": "mlflow.models.payload:PARAMS",
    "SUPPORTED_FORMATS": "mlflow.models.payload:SUPPORTED_FORMATS",
    "dataframe_from_parsed_json": "mlflow.pyfunc.scoring_server.invoke:dataframe_from_parsed_json",
    "infer_and_parse_data": "mlflow.models.payload:infer_and_parse_data",
    "infer_and_parse_json_input": "mlflow.pyfunc.scoring_server.invoke:infer_and_parse_json_input",
    "init": "mlflow.pyfunc.scoring_server.app:init",
    "invocations": "mlflow.pyfunc.scoring_server.invoke:invocations",
    "parse_csv_input": "mlflow.models.payload:parse_csv_input",
    "parse_parquet_input": "mlflow.models.payload:parse_parquet_input",
    "parse_tf_serving_input": "mlflow.pyfunc.scoring_server.invoke:parse_tf_serving_input",
    "predictions_to_json": "mlflow.pyfunc.scoring_server.predictions:predictions_to_json",
    "unwrapped_predictions_to_json": (
        "mlflow.pyfunc.scoring_server.predictions:unwrapped_predictions_to_json"
    ),
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
