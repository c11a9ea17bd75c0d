"""Copying experiments with all that they hold from one store to another."""
