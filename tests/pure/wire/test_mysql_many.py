"""Which statements of MariaDB and MySQL are sent together for many rows, and in which pieces."""

from __future__ import annotations

import pytest

from ferrow.wire.mysql.joined import Piece, Rows, apart, joined, parted
from ferrow.wire.mysql.packed import packed, packs, plain

JOINED = [
    "INSERT INTO t VALUES (?)",
    "insert into t values (?1, ?2)",
    'INSERT INTO "a b".`c;d` (`x`, "y", z) VALUES (?2, NULL, ?1, -1.5, \'it\', DEFAULT) RETURNING id, "x"',
    "REPLACE INTO t (a) VALUES (?) RETURNING *",
    "INSERT INTO t () VALUES ()",
    "\n INSERT INTO t(a)VALUES(?) ",
]
APART = [
    "INSERT IGNORE INTO t VALUES (?)",
    "INSERT INTO t (a) VALUES (?) ON DUPLICATE KEY UPDATE a = VALUES(a)",
    "INSERT INTO t (a) VALUES (NOW())",
    "INSERT INTO t (a, b) VALUES (?, a + 1)",
    "INSERT INTO t (a) VALUES (?), (?)",
    "INSERT INTO t (a) VALUES (?*1)",
    "INSERT INTO t SELECT ?",
    "INSERT INTO t SET a = ?",
    "INSERT INTO t (a) VALUES (?) RETURNING id + ?",
    "INSERT INTO t (a) VALUES (?) RETURNING UUID()",
    "INSERT INTO t (a) VALUES ('\\')",
    "INSERT INTO t (a) VALUES (?) -- a comment",
    "INSERT INTO t (a) VALUES (?);",
    "UPDATE t SET a = ?",
]
SEVERAL = [
    "UPDATE t SET a = 1; DROP TABLE t",
    "UPDATE t SET a = ';'",
    "UPDATE t SET a = 'x\\'",
    "UPDATE t SET a = 'open",
    "UPDATE t SET a = 1 -- ?",
    "UPDATE t SET a = 1 # ?",
    "UPDATE t SET a = 1 /*! + 1 */",
    "UPDATE t SET a = 1 /*M!100100 + 1 */",
    "UPDATE t SET a = 1 /* open",
    "/* b */ UPDATE t SET a = 1",
    "UPDATE t SET a = row_count() + 1",
    "CREATE TABLE t (a int)",
    "COMMIT",
    "CALL p(?)",
    "UPDATED t",
]


@pytest.mark.parametrize("sql", JOINED)
def test_their_rows_come_in_one_insert(sql: str) -> None:
    parts = parted(sql)
    assert parts is not None
    assert "".join(parts) == sql
    assert (parts.row[0], parts.row[-1]) == ("(", ")")


@pytest.mark.parametrize("sql", [*APART, *SEVERAL])
def test_their_rows_come_one_by_one(sql: str) -> None:
    assert parted(sql) is None


@pytest.mark.parametrize("sql", SEVERAL)
def test_what_may_be_more_than_one_statement_goes_alone(sql: str) -> None:
    assert not plain(sql)
    assert not packs([Piece(sql, sql, place) for place in range(1, 10)])


def test_plain_statements_go_together() -> None:
    for sql in ("UPDATE `a` SET b = ?1 - 2 / 3 WHERE \"c\" = 'it''s' /* nothing */", "SELECT 1", "delete from t"):
        assert plain(sql)
    said = "DELETE FROM t WHERE a = ?"
    pieces = [Piece(f"DELETE FROM t WHERE a = {place}", said, place) for place in range(1, 1200)]
    groups = packed(pieces, 2**24)
    assert [len(group) for group in groups] == [1, 500, 500, 198]
    assert [text for group in groups for text in group] == [piece.text for piece in pieces]
    assert not packs(pieces[:4])
    assert all(sum(map(len, group)) * 4 <= 2000 for group in packed(pieces, 2000))


SAID = "INSERT INTO t (a) VALUES (?) RETURNING id"


def _rows(texts: list[str]) -> Rows:
    parts = parted(SAID)
    assert parts is not None
    return Rows(parts, [f"({text})" for text in texts])


def _singles(texts: list[str]) -> list[str]:
    return [SAID.replace("?", text) for text in texts]


def test_rows_are_as_they_were() -> None:
    texts = ["1", "'), ('", "NULL", "2"]
    one, last = joined(SAID, _rows(texts), 2**24)
    assert one.text == "INSERT INTO t (a) VALUES (1), ('), ('), (NULL) RETURNING id"
    assert one.rows is not None
    assert (one.said, one.row, one.last) == (SAID, 1, 3)
    assert [one.rows.single(place) for place in range(len(one.rows))] == _singles(texts)[:3]
    assert last == Piece(_singles(texts)[3], SAID, 4)
    assert apart(SAID, _rows(texts)) == [Piece(text, SAID, row) for row, text in enumerate(_singles(texts), 1)]


def test_pieces_are_as_long_as_the_server_takes() -> None:
    texts = [f"'{'x' * length}'" for length in (10, 10, 5000, 10, 10, 10)]
    pieces = joined(SAID, _rows(texts), 4000)
    assert [(piece.row, piece.last) for piece in pieces] == [(1, 2), (3, 3), (4, 5), (6, 6)]
    assert pieces[1] == Piece(_singles(texts)[2], SAID, 3)
    for length in range(80, 120):
        pieces = joined(SAID, _rows([f"'{'x' * length}'"] * 50), 2000)
        assert all(len(piece.text) * 4 <= 2000 for piece in pieces)
    assert [piece.last for piece in joined(SAID, _rows(["1"] * 2500), 2**24)] == [1000, 2000, 2499, 2500]
