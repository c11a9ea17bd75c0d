"""Models on disk: the MLmodel file, signatures, examples, requirements."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach

NAMES: Final = {
    "EvaluationArtifact": UNBUILT,
    "EvaluationMetric": UNBUILT,
    "EvaluationResult": UNBUILT,
    "FlavorBackend": UNBUILT,
    "MetricThreshold": UNBUILT,
    "Model": "mlflow.models.model:Model",
    "ModelConfig": UNBUILT,
    "ModelSignature": "mlflow.models.signature:ModelSignature",
    "Resource": UNBUILT,
    "ResourceType": UNBUILT,
    "add_libraries_to_model": UNBUILT,
    "build_docker": UNBUILT,
    "convert_input_example_to_serving_input": (
        "mlflow.models.example:convert_input_example_to_serving_input"
    ),
    "evaluate": UNBUILT,
    "get_model_info": "mlflow.models.model:get_model_info",
    "infer_pip_requirements": UNBUILT,
    "infer_signature": "mlflow.models.signature:infer_signature",
    "list_evaluators": UNBUILT,
    "make_metric": UNBUILT,
    "predict": UNBUILT,
    "set_model": UNBUILT,
    "set_retriever_schema": UNBUILT,
    "set_signature": "mlflow.models.model:set_signature",
    "update_model_requirements": UNBUILT,
    "validate_schema": "mlflow.models.enforce:validate_schema",
    "validate_serving_input": UNBUILT,
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
