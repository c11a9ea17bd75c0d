"""What a client has to deliver, kept in a file until the store has acknowledged it."""
