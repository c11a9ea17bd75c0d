"""``python -m mlflow``: the command line."""

from mlflow.cli.main import main

if __name__ == "__main__":
    main()
