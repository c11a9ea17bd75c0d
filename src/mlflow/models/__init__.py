"""Models on disk: the MLmodel file, signatures, examples, requirements."""

from typing import Final

from mlflow._core.lazy import attach

NAMES: Final = {
    "EvaluationArtifact": "mlflow._evaluate.artifacts:EvaluationArtifact",
    "EvaluationMetric": "mlflow._evaluate.metric:EvaluationMetric",
    "EvaluationResult": "mlflow._evaluate.result:EvaluationResult",
    "FlavorBackend": "mlflow.models.flavor_backend:FlavorBackend",
    "MetricThreshold": "mlflow._evaluate.validation:MetricThreshold",
    "Model": "mlflow.models.model:Model",
    "ModelConfig": "mlflow.models.code:ModelConfig",
    "ModelSignature": "mlflow.models.signature:ModelSignature",
    "Resource": "mlflow.models.resources:Resource",
    "ResourceType": "mlflow.models.resources:ResourceType",
    "add_libraries_to_model": "mlflow.models.wheeled:add_libraries_to_model",
    "build_docker": "mlflow.models.docker:build_docker",
    "convert_input_example_to_serving_input": (
        "mlflow.models.example:convert_input_example_to_serving_input"
    ),
    "evaluate": "mlflow._evaluate.evaluate:evaluate",
    "get_model_info": "mlflow.models.model:get_model_info",
    "infer_pip_requirements": "mlflow.pyfunc.python_api:infer_pip_requirements",
    "infer_signature": "mlflow.models.signature:infer_signature",
    "keep_best": "mlflow.models.checkpoints:keep_best",
    "list_evaluators": "mlflow._evaluate.evaluators:list_evaluators",
    "make_metric": "mlflow._evaluate.metric:make_metric",
    "predict": "mlflow.pyfunc.python_api:predict",
    "set_model": "mlflow.models.code:set_model",
    "set_retriever_schema": "mlflow.models.dependencies_schemas:set_retriever_schema",
    "set_signature": "mlflow.models.editing:set_signature",
    "trust": "mlflow.models.choke:trust",
    "update_model_requirements": "mlflow.models.editing:update_model_requirements",
    "validate_schema": "mlflow.models.enforce:validate_schema",
    "validate_serving_input": "mlflow.pyfunc.python_api:validate_serving_input",
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
