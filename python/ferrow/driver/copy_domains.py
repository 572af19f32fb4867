"""Which columns of a table are of a domain that has a codec: a server describes them as what the domain restricts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ferrow._core import CopyDecoder, Shape
from ferrow.driver.copy_sql import Options, copy_query, literal
from ferrow.identifier import quoted_table

if TYPE_CHECKING:
    from ferrow.abc import Description, Wire

_TUPLES = Shape.tuples()

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


# A name may be one of several types, in different schemas.
_KINDS = """\
SELECT typname::text, bool_or(typtype = 'd')::text FROM pg_catalog.pg_type WHERE typname IN ({names}) GROUP BY typname"""


async def domains_of(
    wire: Wire, described: Description, table: str, schema: str | None, timeout: float | None, *, anew: bool
) -> Sequence[tuple[str, str, str]]:
    """Columns with schema and name of their domain, as `CopyEncoder` takes them. Nothing is asked where no codec can be one's.

    `anew`: what the names are of is asked again. Without it the columns are checked to be as they were when it was asked last:
    what was no domain then is none of theirs. Which domain each has is asked every time, since no check would show another one.
    """
    names = {name for name in described.types.written_own() if "\0" not in name}
    known = described.domains
    if names and (anew or not names <= known.keys()):
        said = await _asked(wire, _KINDS.format(names=_listed(names)), ("name", "domain"), timeout)
        known.update({name: domain == "true" for name, domain in said})
    names = {name for name in names if known.get(name)}  # one that is nobody's yet is asked about the next time, too
    if not names:
        return ()
    query = _DOMAINS.format(table=literal(quoted_table(table, schema)), names=_listed(names))
    return await _asked(wire, query, ("column", "schema", "name"), timeout)


def _listed(names: set[str]) -> str:
    return ", ".join(map(literal, sorted(names)))


async def _asked(wire: Wire, query: str, columns: tuple[str, ...], timeout: float | None) -> list[Any]:
    """The rows of a query, of texts. By COPY, since the answers to other statements go through the codecs."""
    source = await wire.copy_out(copy_query(query, Options()), timeout)
    decoder = CopyDecoder(columns, (25,) * len(columns), _TUPLES)
    found: list[Any] = []
    try:
        while (data := await source.read()) is not None:
            found += decoder.feed(data)
    finally:
        await source.close()
    return found
