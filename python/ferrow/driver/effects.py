"""Which statements belong into a transaction."""

from __future__ import annotations

from collections.abc import Iterable

_CONTROL = frozenset({"BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT"})

# SQLite has one writer at a time, and a transaction that has read before it asks for the lock may be refused it for good
# (SQLITE_BUSY_SNAPSHOT). So what only reads begins none, as it would hold back checkpoints for as long as nobody commits; and what writes
# takes the lock at once, where waiting helps. VACUUM and most PRAGMAs are refused inside a transaction.
_ALONE = _CONTROL | {"SELECT", "VALUES", "EXPLAIN", "PRAGMA", "VACUUM", "ATTACH", "DETACH", "RELEASE", ""}
_AFTER_WITH = {"SELECT": False, "VALUES": False, "INSERT": True, "UPDATE": True, "DELETE": True}


def begins(dialect: str, words: Iterable[str]) -> bool:
    """Whether a cursor opens a transaction for a statement of these words (outside parentheses, upper case).

    All do that do not control transactions themselves; on SQLite those that write.
    """
    words = iter(words)
    first = next(words, "")
    if dialect != "sqlite":
        return first not in _CONTROL
    if first == "WITH":
        return _after_with(words)
    return first not in _ALONE


def _after_with(words: Iterable[str]) -> bool:
    """Whether the statement behind common table expressions writes. On SQLite `replace` can be the name of one."""
    before = ""
    for word in words:
        if word in _AFTER_WITH:
            return _AFTER_WITH[word]
        if before == "REPLACE" and word == "INTO":
            return True
        before = word
    return False
