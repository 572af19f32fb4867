"""PostgreSQL with standard_conforming_strings off, on any engine: a backslash escapes in plain strings, too."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from tests.support import entered, maybe
from tests.support.ends import Stop, numbers

OFF = "SET escape_string_warning = off; SET standard_conforming_strings = off"
HIDDEN = r"SELECT 'it\'s'; COMMIT"
"""What ends a transaction only then."""
SHOWN = r"SELECT 'a\'; COMMIT; --'"
"""What ends one only with standard_conforming_strings on."""


async def an_end_is_found_as_the_session_reads_it(engine: Any) -> None:
    await maybe(engine.script("CREATE TABLE t (a int)"))
    with pytest.raises(Stop):
        async with entered(engine.transaction()) as tx:
            await maybe(tx.execute("INSERT INTO t VALUES (1)"))
            with pytest.raises(ProgrammingError, match="COMMIT was not run"):
                await maybe(tx.script(SHOWN))
            await maybe(tx.script(OFF))
            with pytest.raises(ProgrammingError, match="COMMIT was not run"):
                await maybe(tx.script(HIDDEN))
            await maybe(tx.script(SHOWN))
            await maybe(tx.execute("INSERT INTO t VALUES (2)"))
            await maybe(tx.script("SET standard_conforming_strings = on"))
            with pytest.raises(ProgrammingError, match="COMMIT was not run"):
                await maybe(tx.script(SHOWN))
            raise Stop
    assert await numbers(engine) == []
