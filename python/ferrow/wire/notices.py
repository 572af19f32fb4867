"""What a server remarks beside its answers: to the log, and to a handler if there is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ferrow.wire.logs import logger

_WARNING = 30
_LEVELS = {
    "WARNING": _WARNING,
    "NOTICE": 20,
    "INFO": 20,
    "LOG": 20,
}  # those of `logging`, which is only imported for a notice
_DEBUG = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A remark of the server that is no error, e.g. `table "x" does not exist, skipping`.

    Made by `Connection`, for the handler of `on_notice`. What the server left out is None.
    """

    severity: str
    """`WARNING`, `NOTICE`, `INFO`, `LOG` or `DEBUG`, in English whatever the language of the messages."""
    message: str
    sqlstate: str
    detail: str | None = None
    hint: str | None = None
    where: str | None = None
    """The calls that led to it, one per line."""
    schema: str | None = None
    table: str | None = None
    column: str | None = None
    constraint: str | None = None
    data_type: str | None = None


class Notices:
    """The notices of one connection."""

    __slots__ = ("handler",)

    def __init__(self) -> None:
        self.handler: Callable[[Notice], object] | None = None

    def __call__(self, fields: Mapping[str, str]) -> None:
        """Take one as the core gives it: the fields of the protocol manual by name."""
        severity = fields.get("severity", "NOTICE")
        level = _LEVELS.get(severity, _DEBUG if severity.startswith("DEBUG") else _WARNING)
        log = logger("ferrow.notices")
        handler = self.handler
        if log.isEnabledFor(level):
            said = {"severity": severity, "sqlstate": fields.get("code")}
            said.update({name: fields.get(name) for name in ("detail", "hint", "where")})
            log.log(level, "%s", fields.get("message", ""), extra=said)
        if handler is not None:
            try:
                handler(_notice(severity, fields))
            except Exception:
                # Not the error of the statement during which it came.
                log.exception("the notice handler %r failed", handler)


def _notice(severity: str, fields: Mapping[str, str]) -> Notice:
    return Notice(
        severity=severity,
        message=fields.get("message", ""),
        sqlstate=fields.get("code", "00000"),
        detail=fields.get("detail"),
        hint=fields.get("hint"),
        where=fields.get("where"),
        schema=fields.get("schema"),
        table=fields.get("table"),
        column=fields.get("column"),
        constraint=fields.get("constraint"),
        data_type=fields.get("data_type"),
    )
