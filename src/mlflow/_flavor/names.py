"""The names that each flavor has, for the tables of the packages: what needs nothing else."""

from typing import Final

# Of the functions that ``mlflow._flavor.functions`` makes.
FLAVOR_NAMES: Final = """
    _load_pyfunc get_default_conda_env get_default_pip_requirements load_model log_model save_model
"""
