"""The thin layer between ASGI and our servers: requests, responses, errors, the HTTP protocol."""
