"""What RESET ALL undoes behind a pooler, and not without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.driver.copy_sql import literal

if TYPE_CHECKING:
    from ferrow.wire.settings import Settings


def start_parameters(settings: Settings) -> str:
    """SQL that sets what sessions are started with, such as the time zone; empty where RESET ALL does.

    A server takes it for the defaults to which RESET ALL returns. PgBouncer says it with SET, to whichever server it chose,
    and takes what that reports after RESET ALL for the client's wish: so this belongs into the same script, at whose end
    the server reports.
    """
    if not settings.pooler.seen:
        return ""
    known = {name: value for name, value in settings.parameters.items() if name != "options"}
    calls = (
        f"; SELECT pg_catalog.set_config({literal(name)}, {literal(value)}, false)" for name, value in known.items()
    )
    return "".join(calls)
