"""Where and by what a run was started: tags from providers, documents from the background."""
