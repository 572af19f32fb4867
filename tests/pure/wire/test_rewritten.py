"""Our placeholders in the styles of other drivers; what stands in strings, quoted names and comments is none."""

from __future__ import annotations

import pytest

from ferrow.wire.dbapi.rewritten import rewritten, statements

POSTGRESQL, SQLITE = "postgresql", "sqlite"


@pytest.mark.parametrize(
    ("dialect", "style", "sql", "written"),
    [
        (POSTGRESQL, "format", "SELECT $1, '$1', \"$1\", $$ $1 $$", "SELECT %s, '$1', \"$1\", $$ $1 $$"),
        (POSTGRESQL, "numeric", "SELECT /* /* $2 */ $2 */ $1 -- $2", "SELECT /* /* $2 */ $2 */ :1 -- $2"),
        (POSTGRESQL, "named", r"SELECT E'a\' $1', $1", r"SELECT E'a\' $1', :p1"),
        # A string that goes on in the next line goes on as it began.
        (POSTGRESQL, "format", "SELECT E'a'\n'b\\' $1', $1", "SELECT E'a'\n'b\\' $1', %s"),
        (POSTGRESQL, "pyformat", "SELECT 1 % $1, '5%'", "SELECT 1 %% %(p1)s, '5%%'"),
        (SQLITE, "format", "SELECT ?, '?', [?], `?`, \"?\" /* ? */ -- ?", "SELECT %s, '?', [?], `?`, \"?\" /* ? */ -- ?"),
        (SQLITE, "numeric", "SELECT ?2, ?1", "SELECT :2, :1"),
    ],
)  # fmt: skip
def test_what_is_no_placeholder_stays(dialect: str, style: str, sql: str, written: str) -> None:
    assert rewritten(sql, dialect, style).sql == written


def test_a_script_is_parted_where_statements_end() -> None:
    assert statements("SELECT ';'; SELECT 2 -- ;\n;", SQLITE) == ["SELECT ';'", "SELECT 2 -- ;"]
    assert statements("SELECT $$;$$; /* ; /* ; */ ; */ SELECT 2", POSTGRESQL) == [
        "SELECT $$;$$",
        "/* ; /* ; */ ; */ SELECT 2",
    ]
