"""Serving models over HTTP: the server, and what other servers take from it."""

from typing import Final

from mlflow._core.lazy import attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.models.payload": """
            DF_RECORDS DF_SPLIT INPUTS INSTANCES SUPPORTED_FORMATS infer_and_parse_data
            parse_csv_input parse_parquet_input
        """,
        "mlflow.pyfunc.scoring_server.app": "init",
        "mlflow.pyfunc.scoring_server.content": """
            CONTENT_TYPES CONTENT_TYPE_CSV CONTENT_TYPE_JSON CONTENT_TYPE_JSON_SPLIT_ORIENTED
            CONTENT_TYPE_PARQUET
        """,
        "mlflow.pyfunc.scoring_server.invoke": """
            InvocationsResponse dataframe_from_parsed_json infer_and_parse_json_input invocations
            parse_tf_serving_input
        """,
        "mlflow.pyfunc.scoring_server.predictions": """
            predictions_to_json unwrapped_predictions_to_json
        """,
    },
    SERVING_PARAMS_KEY="mlflow.models.payload:PARAMS",
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
