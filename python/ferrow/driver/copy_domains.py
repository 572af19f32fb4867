"""Which columns of a table are of a domain that has a codec: a server describes them as what the domain restricts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ferrow._core import CopyDecoder, Shape
from ferrow.driver.copy_sql import Options, copy_query, literal
from ferrow.identifier import quoted_table

if TYPE_CHECKING:
    from ferrow._core import PgTypes
    from ferrow.abc import Wire

_TUPLES = Shape.tuples()
_NAMES = ("column", "schema", "name")
_TEXTS = (25, 25, 25)

# A domain may be over another one: the innermost comes first.
_DOMAINS = """\
WITH RECURSIVE typed(attname, depth, oid) AS (
SELECT attname, 0, atttypid FROM pg_catalog.pg_attribute
WHERE attrelid = pg_catalog.to_regclass({table}) AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT attname, depth + 1, typbasetype FROM typed JOIN pg_catalog.pg_type t ON t.oid = typed.oid WHERE typtype = 'd'
)
SELECT attname::text, nspname::text, typname::text FROM typed JOIN pg_catalog.pg_type t ON t.oid = typed.oid
JOIN pg_catalog.pg_namespace n ON n.oid = typnamespace
WHERE typtype = 'd' AND typname IN ({names}) ORDER BY depth DESC"""


async def domains_of(
    wire: Wire, types: PgTypes, table: str, schema: str | None, timeout: float | None
) -> Sequence[tuple[str, str, str]]:
    """Columns with schema and name of their domain, as `CopyEncoder` takes them. Nothing is asked where no codec can be one's."""
    names = {name for name in types.written_own() if "\0" not in name}
    if not names:
        return ()
    query = _DOMAINS.format(table=literal(quoted_table(table, schema)), names=", ".join(map(literal, sorted(names))))
    # The answer comes by COPY, since those of other statements go through the codecs.
    source = await wire.copy_out(copy_query(query, Options()), timeout)
    decoder = CopyDecoder(_NAMES, _TEXTS, _TUPLES)
    found: list[tuple[str, str, str]] = []
    try:
        while (data := await source.read()) is not None:
            found += decoder.feed(data)
    finally:
        await source.close()
    return found
