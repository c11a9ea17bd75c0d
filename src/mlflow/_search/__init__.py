"""The search language: text to a typed tree, the same for everything that can be searched."""
