"""HTTP to tracking servers: connections that stay open, retries, credentials."""
