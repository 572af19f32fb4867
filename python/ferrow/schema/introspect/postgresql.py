"""PostgreSQL: its own catalogues, which know more than information_schema and are faster."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from ferrow.schema.found import (
    FoundCheck,
    FoundColumn,
    FoundEnum,
    FoundForeignKey,
    FoundIndex,
    FoundTable,
    FoundUnique,
    Numbering,
)
from ferrow.schema.introspect.question import Question, Reading, Rows, spelled

# What goes to and fro is cstring, for which nobody has a codec, as one may for text or bool.
_COLUMNS = """
SELECT pg_catalog.json_out(pg_catalog.json_build_array(
  n.nspname::text, c.relname::text, c.relkind::text, pg_catalog.obj_description(c.oid, 'pg_class'), a.attname::text,
  pg_catalog.format_type(CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE a.atttypid END,
                         CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE a.atttypmod END),
  a.attnotnull OR t.typnotnull, pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attidentity::text, a.attgenerated::text,
  CASE WHEN a.attcollation <> t.typcollation THEN o.collname::text END, pg_catalog.col_description(c.oid, a.attnum),
  en.nspname::text, e.typname::text,
  CASE WHEN e.oid IS NOT NULL THEN
    ARRAY(SELECT l.enumlabel::text FROM pg_catalog.pg_enum l WHERE l.enumtypid = e.oid ORDER BY l.enumsortorder) END,
  CASE t.typtype WHEN 'd' THEN t.typname::text END))
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation
LEFT JOIN pg_catalog.pg_type e ON e.typtype = 'e' AND e.oid IN (t.oid, t.typelem, t.typbasetype)
LEFT JOIN pg_catalog.pg_namespace en ON en.oid = e.typnamespace
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND n.nspname = coalesce(pg_catalog.textin($1), current_schema())
  AND (pg_catalog.textin($2) IS NULL OR c.relname = pg_catalog.textin($2))
ORDER BY c.relname, a.attnum
"""

_CONSTRAINTS = """
SELECT pg_catalog.json_out(pg_catalog.json_build_array(
  n.nspname::text, c.relname::text, k.conname::text, k.contype::text,
  ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS p (number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.number ORDER BY p.place),
  tn.nspname::text, tc.relname::text,
  ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS p (number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = p.number ORDER BY p.place),
  k.confdeltype::text, k.confupdtype::text, k.condeferrable, k.condeferred,
  CASE k.contype WHEN 'c' THEN pg_catalog.pg_get_expr(k.conbin, k.conrelid) ELSE pg_catalog.pg_get_constraintdef(k.oid) END))
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class tc ON tc.oid = k.confrelid AND k.contype = 'f'
LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = tc.relnamespace
WHERE k.contype IN ('p', 'u', 'f', 'c')
  AND ((n.nspname = coalesce(pg_catalog.textin($1), current_schema()) AND (pg_catalog.textin($2) IS NULL OR c.relname = pg_catalog.textin($2)))
    OR (tn.nspname = coalesce(pg_catalog.textin($1), current_schema()) AND (pg_catalog.textin($2) IS NULL OR tc.relname = pg_catalog.textin($2))))
ORDER BY k.conname
"""

_INDEXES = """
SELECT pg_catalog.json_out(pg_catalog.json_build_array(
  c.relname::text, i.relname::text, x.indisunique, x.indisvalid, m.amname::text,
  pg_catalog.pg_get_expr(x.indpred, x.indrelid),
  ARRAY(SELECT coalesce(a.attname::text, pg_catalog.pg_get_indexdef(x.indexrelid, p.place, true))
        FROM generate_series(1, x.indnatts::int) AS p (place)
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[p.place - 1] AND a.attnum > 0
        ORDER BY p.place),
  ARRAY(SELECT x.indkey[p.place - 1]::int FROM generate_series(1, x.indnkeyatts::int) AS p (place) ORDER BY p.place),
  ARRAY(SELECT x.indoption[p.place - 1]::int FROM generate_series(1, x.indnkeyatts::int) AS p (place) ORDER BY p.place),
  coalesce((to_jsonb(x) ->> 'indnullsnotdistinct')::boolean, false)))
FROM pg_catalog.pg_index x
JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_am m ON m.oid = i.relam
WHERE n.nspname = coalesce(pg_catalog.textin($1), current_schema()) AND (pg_catalog.textin($2) IS NULL OR c.relname = pg_catalog.textin($2))
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY i.relname
"""

_ACTIONS = {"a": None, "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_NUMBERED: dict[str, Numbering] = {"a": "always", "d": "by default"}


def tables(schema: str | None, name: str | None) -> Reading:
    """Three questions, whatever the number of tables."""
    params = (schema, name)
    rows = _read((yield Question(_COLUMNS, params)))
    if not rows:
        return []
    columns: dict[str, list[FoundColumn]] = {}
    heads: dict[str, tuple[str, str, str | None]] = {}
    for row in rows:
        heads[row[1]] = (row[0], row[2], row[3])
        found = columns.setdefault(row[1], [])
        if row[4] is not None:
            found.append(_column(row))
    said = _Constraints(next(iter(heads.values()))[0])
    for row in _read((yield Question(_CONSTRAINTS, params))):
        said.read(row)
    indexes: defaultdict[str, list[FoundIndex]] = defaultdict(list)
    for row in _read((yield Question(_INDEXES, params))):
        indexes[row[0]].append(_index(row))
    return [
        FoundTable(
            table,
            place,
            tuple(columns[table]),
            said.keys.get(table, ()),
            tuple(said.uniques[table]),
            tuple(indexes[table]),
            tuple(said.references[table]),
            tuple(said.checks[table]),
            tuple(said.referrers[table]),
            "view" if kind in "vm" else "table",
            comment,
        )
        for table, (place, kind, comment) in heads.items()
    ]


def _read(rows: Rows) -> Rows:
    return [tuple(json.loads(text)) for (text,) in rows]


class _Constraints:
    """The constraints of the tables of one schema, by table, and the foreign keys of any schema that refer to them."""

    def __init__(self, schema: str) -> None:
        self._schema = schema
        self.keys: dict[str, tuple[str, ...]] = {}
        self.uniques: defaultdict[str, list[FoundUnique]] = defaultdict(list)
        self.checks: defaultdict[str, list[FoundCheck]] = defaultdict(list)
        self.references: defaultdict[str, list[FoundForeignKey]] = defaultdict(list)
        self.referrers: defaultdict[str, list[FoundForeignKey]] = defaultdict(list)

    def read(self, row: tuple[Any, ...]) -> None:
        table, called, kind, over = row[1], row[2], row[3], tuple(row[4])
        if kind == "f":
            self._refers(row)
        elif kind == "p":
            self.keys[table] = over
        elif kind == "u":
            self.uniques[table].append(FoundUnique(over, called, "NULLS NOT DISTINCT" in row[12]))
        else:
            self.checks[table].append(FoundCheck(row[12], called))

    def _refers(self, row: tuple[Any, ...]) -> None:
        place, table, own = row[0], row[1], self._schema
        key = _reference(row)
        if place == own:
            self.references[table].append(key)
        if row[5] == own and (place, table) != (own, key.target):
            self.referrers[key.target].append(key)


def _column(row: tuple[Any, ...]) -> FoundColumn:
    name, type, required, default, identity, generated, collation, comment, enum_schema, enum, labels, domain = row[4:]
    numbered = _NUMBERED.get(identity)
    if numbered is None and default is not None and default.startswith("nextval("):
        numbered = "sequence"
    return FoundColumn(
        name,
        type,
        not required,
        None if generated else default,
        numbered,
        default if generated else None,
        generated != "v",
        collation,
        comment,
        None if enum is None else FoundEnum(enum, tuple(labels), enum_schema),
        domain,
    )


def _reference(row: tuple[Any, ...]) -> FoundForeignKey:
    schema, table, name, _, columns, target_schema, target, targets, ondelete, onupdate, deferrable, deferred = row[:12]
    return FoundForeignKey(
        table,
        tuple(columns),
        target,
        tuple(targets),
        name,
        schema,
        None if target_schema == schema else target_schema,
        spelled(_ACTIONS.get(ondelete)),
        spelled(_ACTIONS.get(onupdate)),
        ("deferred" if deferred else "immediate") if deferrable else None,
    )


def _index(row: tuple[Any, ...]) -> FoundIndex:
    _, name, unique, valid, method, where, names, numbers, options, nulls = row
    return FoundIndex(
        name,
        tuple(names[: len(numbers)]),
        unique,
        frozenset(place for place, number in enumerate(numbers) if number == 0),
        frozenset(place for place, option in enumerate(options) if option & 1),
        where,
        tuple(names[len(numbers) :]),
        method,
        nulls,
        valid,
    )
