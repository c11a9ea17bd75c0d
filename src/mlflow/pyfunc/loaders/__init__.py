"""Modules that MLmodel files name as their loaders; their paths stand on disk."""
