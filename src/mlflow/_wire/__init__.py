"""What travels between clients and servers: messages, operations, codec, errors. Pure functions."""
