"""Which statements belong into a transaction."""

from __future__ import annotations

from collections.abc import Iterable

_CONTROL = frozenset({"BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT"})

# SQLite has one writer at a time, and a transaction that has read before it asks for the lock may be refused it for good
# (SQLITE_BUSY_SNAPSHOT). So what only reads begins none, as it would hold back checkpoints for as long as nobody commits; and what writes
# takes the lock at once, where waiting helps. VACUUM and most PRAGMAs are refused inside a transaction.
_ALONE = _CONTROL | {"SELECT", "VALUES", "EXPLAIN", "PRAGMA", "VACUUM", "ATTACH", "DETACH", "RELEASE", ""}
_AFTER_WITH = {"SELECT": False, "VALUES": False, "INSERT": True, "REPLACE": True, "UPDATE": True, "DELETE": True}


def begins(dialect: str, words: Iterable[str]) -> bool:
    """Whether a cursor opens a transaction for a statement of these words (outside parentheses, upper case).

    On PostgreSQL all do that do not control transactions themselves, on SQLite those that write.
    """
    words = iter(words)
    first = next(words, "")
    if dialect == "postgresql":
        return first not in _CONTROL
    if first == "WITH":
        return next((_AFTER_WITH[word] for word in words if word in _AFTER_WITH), False)
    return first not in _ALONE
