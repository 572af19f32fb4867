"""What the database cannot know of a mistake: how it is written here. Hints of `ferrow.errors`."""

from __future__ import annotations


def of_postgresql(code: str, position: int | None, query: str) -> str | None:
    """For an error with this SQLSTATE, at this character (from 1) of the text that was sent; None if there is nothing to say."""
    if code == "25P02":
        return "An earlier statement in this transaction failed: end it with rollback(). Run what may fail in a nested transaction()."
    if code != "42601":
        return None
    if position is None:  # "cannot insert multiple commands into a prepared statement", in any language
        return "One statement at a time; script() runs several." if ";" in query else None
    before, after = query[: position - 1].rstrip(), query[position - 1 :]
    if after.startswith(("%s", "%(")):
        return "Here placeholders are $1, $2, ...; %s and %(name)s are for cursors, with parameters."
    if before.endswith("?"):
        return "Here placeholders are $1, $2, ..."
    if after.startswith("$") and before.upper().endswith((" IN", "\nIN")):
        return "IN takes no list as a parameter: write = ANY($1), for NOT IN <> ALL($1)."
    return None


def of_sqlite(message: str) -> str | None:
    """For an error with this message; None if there is nothing to say."""
    if message.startswith('near "%"'):
        return "Here placeholders are ?, ?1 or :name; %s and %(name)s are for cursors, with parameters."
    return None
