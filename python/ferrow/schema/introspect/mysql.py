"""MariaDB: information_schema."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ferrow.schema.found import FoundCheck, FoundColumn, FoundForeignKey, FoundIndex, FoundTable
from ferrow.schema.introspect.question import Question, Reading, spelled

_COLUMNS = """
SELECT t.table_schema, t.table_name, t.table_type, t.table_comment, c.column_name, c.column_type, c.is_nullable, c.column_default,
  c.extra, c.generation_expression, c.collation_name, c.column_comment
FROM information_schema.tables t
JOIN information_schema.columns c ON c.table_schema = t.table_schema AND c.table_name = t.table_name
WHERE t.table_schema = coalesce(?1, database()) AND (?2 IS NULL OR t.table_name = ?2)
ORDER BY t.table_name, c.ordinal_position
"""

_INDEXES = """
SELECT s.table_name, s.index_name, s.non_unique, s.column_name, s.collation, s.index_type
FROM information_schema.statistics s
WHERE s.table_schema = coalesce(?1, database()) AND (?2 IS NULL OR s.table_name = ?2)
ORDER BY s.table_name, s.index_name, s.seq_in_index
"""

_REFERENCES = """
SELECT k.table_schema, k.table_name, k.constraint_name, k.column_name, k.referenced_table_schema, k.referenced_table_name,
  k.referenced_column_name, r.delete_rule, r.update_rule
FROM information_schema.key_column_usage k
JOIN information_schema.referential_constraints r ON r.constraint_schema = k.constraint_schema
  AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
WHERE k.referenced_table_name IS NOT NULL
  AND ((k.table_schema = coalesce(?1, database()) AND (?2 IS NULL OR k.table_name = ?2))
    OR (k.referenced_table_schema = coalesce(?1, database()) AND (?2 IS NULL OR k.referenced_table_name = ?2)))
ORDER BY k.table_schema, k.table_name, k.constraint_name, k.ordinal_position
"""

_CHECKS = """
SELECT table_name, constraint_name, check_clause, level FROM information_schema.check_constraints
WHERE constraint_schema = coalesce(?1, database()) AND (?2 IS NULL OR table_name = ?2)
ORDER BY table_name, constraint_name
"""

# MySQL's, which writes parentheses around them. It knows none of columns, and documents are a type of their own.
_OWN_CHECKS = """
SELECT t.table_name, c.constraint_name, substr(c.check_clause, 2, char_length(c.check_clause) - 2), 'Table' FROM information_schema.check_constraints c
JOIN information_schema.table_constraints t ON t.constraint_schema = c.constraint_schema
  AND t.constraint_name = c.constraint_name AND t.constraint_type = 'CHECK'
WHERE c.constraint_schema = coalesce(?1, database()) AND (?2 IS NULL OR t.table_name = ?2)
ORDER BY t.table_name, c.constraint_name
"""


def tables(schema: str | None, name: str | None, variety: str = "") -> Reading:
    """Four questions, whatever the number of tables."""
    params = (schema, name)
    rows = yield Question(_COLUMNS, params)
    if not rows:
        return []
    checks: defaultdict[str, list[FoundCheck]] = defaultdict(list)
    documents: set[tuple[str, str]] = set()
    for table, called, condition, level in (yield Question(_OWN_CHECKS if variety else _CHECKS, params)):
        # The type json is long text that is held to be JSON.
        if level == "Column" and condition.lower() in (
            f'json_valid("{called.lower()}")',
            f"json_valid(`{called.lower()}`)",
        ):
            documents.add((table, called))
        else:
            checks[table].append(FoundCheck(_standard(condition), None if level == "Column" else called))
    columns: dict[str, list[FoundColumn]] = {}
    heads: dict[str, tuple[str, str, str | None]] = {}
    for row in rows:
        heads[row[1]] = (row[0], row[2], row[3] or None)
        columns.setdefault(row[1], []).append(_column(row, (row[1], row[4]) in documents))
    own = next(iter(heads.values()))[0]
    references: defaultdict[str, list[FoundForeignKey]] = defaultdict(list)
    referrers: defaultdict[str, list[FoundForeignKey]] = defaultdict(list)
    for key in _references((yield Question(_REFERENCES, params))):
        if key.schema == own:
            references[key.table].append(key)
        if (key.target_schema or key.schema) == own and (key.schema, key.table) != (own, key.target):
            referrers[key.target].append(key)
    keys, indexes = _indexes((yield Question(_INDEXES, params)), references)
    return [
        FoundTable(
            table,
            place,
            tuple(columns[table]),
            keys.get(table, ()),
            (),  # its unique constraints are indexes
            tuple(indexes[table]),
            tuple(references[table]),
            tuple(checks[table]),
            tuple(referrers[table]),
            "view" if "VIEW" in kind else "table",
            None if "VIEW" in kind else comment,
        )
        for table, (place, kind, comment) in heads.items()
    ]


def _column(row: tuple[Any, ...], document: bool) -> FoundColumn:
    name, type, nullable, default, extra, computed, collation, comment = row[4:]
    extra = (extra or "").upper()
    return FoundColumn(
        name,
        "json" if document else type,
        nullable == "YES",
        None if computed or default in (None, "NULL") else default,
        "auto" if "AUTO_INCREMENT" in extra else None,
        computed or None,
        "VIRTUAL" not in extra,
        collation,
        comment or None,
    )


def _indexes(
    rows: Any, references: Mapping[str, list[FoundForeignKey]]
) -> tuple[dict[str, tuple[str, ...]], defaultdict[str, list[FoundIndex]]]:
    """Primary keys, and indexes without those that a foreign key made for itself, which has its name, or its first column's."""
    grouped: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for row in rows:
        grouped.setdefault((row[0], row[1]), []).append(row)
    keys: dict[str, tuple[str, ...]] = {}
    indexes: defaultdict[str, list[FoundIndex]] = defaultdict(list)
    for (table, name), group in grouped.items():
        over = tuple(row[3] for row in group)
        _, _, repeats, _, _, method = group[0]
        if name == "PRIMARY":
            keys[table] = over
        elif not any(
            over == key.columns and name in (key.name, key.columns[0])
            for key in references.get(table, ())
            if int(repeats)
        ):
            descending = frozenset(place for place, row in enumerate(group) if row[4] == "D")
            indexes[table].append(
                FoundIndex(name, over, not int(repeats), descending=descending, method=method.lower())
            )
    return keys, indexes


def _references(rows: Any) -> list[FoundForeignKey]:
    grouped: dict[tuple[str, str, str], list[tuple[Any, ...]]] = {}
    for row in rows:
        grouped.setdefault((row[0], row[1], row[2]), []).append(row)
    return [
        FoundForeignKey(
            table,
            tuple(row[3] for row in group),
            group[0][5],
            tuple(row[6] for row in group),
            name,
            schema,
            None if group[0][4] == schema else group[0][4],
            _action(group[0][7]),
            _action(group[0][8]),
        )
        for (schema, table, name), group in grouped.items()
    ]


def _action(word: str) -> str | None:
    """RESTRICT is what it calls NO ACTION."""
    return None if word == "RESTRICT" else spelled(word)


def _standard(sql: str) -> str:
    """With texts in quotes as SQL has them; it writes a backslash before what is special (MySQL before the quotes as well)."""
    if r"_utf8mb4\'" in sql:
        sql = re.sub(r"\\(.)", r"\1", sql.replace(r"_utf8mb4\'", r"\'"), flags=re.DOTALL)
    return re.sub(
        r"'((?:[^'\\]|\\.|'')*)'", lambda match: "'" + _plain(match[1]).replace("'", "''") + "'", sql, flags=re.DOTALL
    )


def _plain(text: str) -> str:
    return re.sub(r"\\(.)|''", lambda match: match[1] or "'", text, flags=re.DOTALL)
