"""What makes a repeated request harmless: keys that a store notes beside what the request wrote."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JournalKey:
    """The place of a request in a client's journal; never forgotten, in one row a journal.

    Attributes:
        journal_id: The journal, unique in the world; at most 64 characters.
        sequence: The request's number in it; numbers grow by one.
        floor: Every sequence below it is done with for the client: acknowledged or refused.
    """

    journal_id: str
    sequence: int
    floor: int


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A name that a client made up for one request; kept for 24 hours.

    Attributes:
        key: At most 250 characters; whoever has several callers puts their names into it.
    """

    key: str


RequestKey = JournalKey | IdempotencyKey
