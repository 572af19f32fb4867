"""What repositories raise where their callers expect Python's own errors: each is one of those and one of ours."""

from __future__ import annotations

from ferrow.errors import InterfaceError, ProgrammingError


class InvalidArgument(ProgrammingError, ValueError):
    """An argument, or a model, that the call can do nothing with; said before anything is sent."""


class InvalidType(ProgrammingError, TypeError):
    """An argument of another type than the call takes."""


class SessionActive(InterfaceError, RuntimeError):
    """A session that is a transaction already was entered again."""
