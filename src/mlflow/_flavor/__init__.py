"""The flavor engine: what every flavor's save, log and load have in common."""
