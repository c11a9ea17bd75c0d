"""The tracking server: one ASGI application over the stores."""
