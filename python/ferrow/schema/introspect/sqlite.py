"""SQLite: its pragmas as tables, and the texts it keeps."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ferrow.schema.found import FoundColumn, FoundForeignKey, FoundIndex, FoundTable, FoundUnique
from ferrow.schema.introspect.question import Question, Reading, spelled
from ferrow.schema.introspect.sqlite_text import TableText, index_text, table_text
from ferrow.sql.dialect import SQLITE

# {place} is "schema." or nothing; {at} the same as an argument. A name that was given stands for any of its spellings. The
# pluses keep codecs away: to SQLite these columns are declared as TEXT.
_TABLES = """
SELECT +name, +type, +sql FROM {place}sqlite_master
WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND (?1 IS NULL OR lower(name) = lower(?1)) ORDER BY name
"""
_COLUMNS = """
SELECT +m.name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden
FROM {place}sqlite_master m JOIN pragma_table_xinfo(m.name{at}) x
WHERE m.type IN ('table', 'view') AND x.hidden <> 1 AND (?1 IS NULL OR lower(m.name) = lower(?1)) ORDER BY m.name, x.cid
"""
_INDEXES = """
SELECT +m.name, l.name, l."unique", l.origin, x.cid, x.name, x."desc", +s.sql
FROM {place}sqlite_master m JOIN pragma_index_list(m.name{at}) l JOIN pragma_index_xinfo(l.name{at}) x
LEFT JOIN {place}sqlite_master s ON s.type = 'index' AND s.name = l.name
WHERE m.type = 'table' AND x."key" = 1 AND (?1 IS NULL OR lower(m.name) = lower(?1)) ORDER BY m.name, l.seq DESC, x.seqno
"""
_REFERENCES = """
SELECT +m.name, f.id, f."table", f."from", f."to", f.on_delete, f.on_update
FROM {place}sqlite_master m JOIN pragma_foreign_key_list(m.name{at}) f
WHERE m.type = 'table' AND (?1 IS NULL OR lower(m.name) = lower(?1) OR lower(f."table") = lower(?1)) ORDER BY m.name, f.id DESC, f.seq
"""


def tables(schema: str | None, name: str | None) -> Reading:
    """Four questions, whatever the number of tables."""
    place = "" if schema is None else f"{SQLITE.quote(schema)}."
    at = "" if schema is None else ", '" + schema.replace("'", "''") + "'"

    def question(sql: str) -> Question:
        return Question(sql.format(place=place, at=at), (name,))

    heads = yield question(_TABLES)
    if not heads:
        return []
    texts = {table: table_text(sql) for table, _, sql in heads}
    columns: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in (yield question(_COLUMNS)):
        columns[row[0]].append(row)
    uniques, indexes = _indexes((yield question(_INDEXES)))
    spellings = {table.lower(): table for table, _, _ in heads}
    references: defaultdict[str, list[FoundForeignKey]] = defaultdict(list)
    referrers: defaultdict[str, list[FoundForeignKey]] = defaultdict(list)
    for key in _references((yield question(_REFERENCES)), spellings):
        references[key.table].append(key)
        if key.target != key.table:
            referrers[key.target].append(key)
    return [
        FoundTable(
            table,
            schema,
            _columns(columns[table], texts[table]),
            _key(columns[table]),
            tuple(uniques[table]),
            tuple(indexes[table]),
            tuple(references[table]),
            tuple(texts[table].checks),
            tuple(referrers[table]),
            "view" if kind == "view" else "table",
        )
        for table, kind, _ in heads
    ]


def _key(rows: list[tuple[Any, ...]]) -> tuple[str, ...]:
    return tuple(row[1] for row in sorted((row for row in rows if row[5]), key=lambda row: int(row[5])))


def _columns(rows: list[tuple[Any, ...]], text: TableText) -> tuple[FoundColumn, ...]:
    alone = sum(1 for row in rows if row[5]) == 1
    found = []
    for _, name, type, required, default, key, hidden in rows:
        # A key of exactly this type is the row's number, which is never NULL.
        number = bool(key) and alone and type.upper() == "INTEGER"
        found.append(
            FoundColumn(
                name,
                type,
                not (required or number),
                None if hidden in (2, 3) else default,
                "auto" if number else None,
                text.computed.get(name.lower()) if hidden in (2, 3) else None,
                hidden != 2,
                text.collations.get(name.lower()),
            )
        )
    return tuple(found)


def _indexes(rows: Any) -> tuple[defaultdict[str, list[FoundUnique]], defaultdict[str, list[FoundIndex]]]:
    grouped: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for row in rows:
        grouped.setdefault((row[0], row[1]), []).append(row)
    uniques: defaultdict[str, list[FoundUnique]] = defaultdict(list)
    indexes: defaultdict[str, list[FoundIndex]] = defaultdict(list)
    for (table, name), group in grouped.items():
        _, _, unique, origin, _, _, _, sql = group[0]
        if origin == "u":
            uniques[table].append(FoundUnique(tuple(row[5] for row in group)))
        elif origin == "c":
            written, where = index_text(sql)
            indexes[table].append(
                FoundIndex(
                    name,
                    tuple(row[5] if row[4] >= 0 else written[place] for place, row in enumerate(group)),
                    bool(unique),
                    frozenset(place for place, row in enumerate(group) if row[4] < 0),
                    frozenset(place for place, row in enumerate(group) if row[6]),
                    where,
                )
            )
    return uniques, indexes


def _references(rows: Any, spellings: dict[str, str]) -> list[FoundForeignKey]:
    grouped: dict[tuple[str, int], list[tuple[Any, ...]]] = {}
    for row in rows:
        grouped.setdefault((row[0], row[1]), []).append(row)
    return [
        FoundForeignKey(
            table,
            tuple(row[3] for row in group),
            spellings.get(str(group[0][2]).lower(), str(group[0][2])),
            tuple(row[4] for row in group if row[4] is not None),  # none: the primary key, whatever it is
            ondelete=spelled(group[0][5]),
            onupdate=spelled(group[0][6]),
        )
        for (table, _), group in grouped.items()
    ]
