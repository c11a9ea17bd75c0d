"""Models on disk: the MLmodel file, signatures, examples, requirements."""

from typing import Final

from mlflow._core.lazy import attach, grouped

NAMES: Final = grouped(
    {
        "mlflow._evaluate.artifacts": "EvaluationArtifact",
        "mlflow._evaluate.evaluate": "evaluate",
        "mlflow._evaluate.evaluators": "list_evaluators",
        "mlflow._evaluate.metric": "EvaluationMetric make_metric",
        "mlflow._evaluate.result": "EvaluationResult",
        "mlflow._evaluate.validation": "MetricThreshold",
        "mlflow.models.checkpoints": "keep_best",
        "mlflow.models.choke": "trust",
        "mlflow.models.code": "ModelConfig set_model",
        "mlflow.models.dependencies_schemas": "set_retriever_schema",
        "mlflow.models.docker": "build_docker",
        "mlflow.models.editing": "set_signature update_model_requirements",
        "mlflow.models.enforce": "validate_schema",
        "mlflow.models.example": "convert_input_example_to_serving_input",
        "mlflow.models.flavor_backend": "FlavorBackend",
        "mlflow.models.model": "Model get_model_info",
        "mlflow.models.resources": "Resource ResourceType",
        "mlflow.models.signature": "ModelSignature infer_signature",
        "mlflow.models.wheeled": "add_libraries_to_model",
        "mlflow.pyfunc.python_api": "infer_pip_requirements predict validate_serving_input",
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
