"""What is read out of the texts that SQLite keeps."""

from __future__ import annotations

from ferrow.schema.found import FoundCheck
from ferrow.schema.introspect.sqlite_text import index_text, table_text


def test_conditions_expressions_and_collations() -> None:
    found = table_text(
        """CREATE TABLE "my, (table" (
            a integer primary key autoincrement, -- a comment, CHECK (not this)
            [b c] text DEFAULT 'CHECK (nor this)' CHECK ("b c" <> ')' AND length("b c") > (1)) COLLATE nocase,
            `d` int GENERATED ALWAYS AS (a * (2 + 1)) STORED /* CHECK (no) */,
            e int AS (a) CONSTRAINT positive CHECK(e > 0),
            CONSTRAINT "two words" CHECK (a
                > 0), UNIQUE (a, e), CHECK (a < 9), FOREIGN KEY (e) REFERENCES x (y)
        ) STRICT"""
    )
    assert found.checks == [
        FoundCheck('"b c" <> \')\' AND length("b c") > (1)'),
        FoundCheck("e > 0", "positive"),
        FoundCheck("a\n                > 0", "two words"),
        FoundCheck("a < 9"),
    ]
    assert found.computed == {"d": "a * (2 + 1)", "e": "a"}
    assert found.collations == {"b c": "nocase"}
    assert found.autoincrement


def test_texts_that_are_no_tables() -> None:
    for sql in (None, "CREATE VIEW v AS SELECT (1), CHECK (2)", "CREATE VIRTUAL TABLE t USING fts5(a, CHECK (b))"):
        assert table_text(sql) == ([], {}, {}, False)


def test_texts_that_end_too_early_do_no_harm() -> None:
    sql = "CREATE TABLE t (a text CHECK (a <> 'x'), b int AS (a), CONSTRAINT c CHECK (b"
    for end in range(len(sql)):
        table_text(sql[:end])
        index_text(sql[:end])


def test_keys_of_indexes() -> None:
    assert index_text("CREATE INDEX i ON t (lower(a, ','), \"b c\" DESC, (a || ')') asc) WHERE a > 0 AND (b) ") == (
        ["lower(a, ',')", '"b c"', "a || ')'"],
        "a > 0 AND (b)",
    )
    assert index_text("create index i on t(a)") == (["a"], None)
    assert index_text(None) == ([], None)
