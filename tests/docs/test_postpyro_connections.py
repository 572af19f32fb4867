"""The connection strings of PostPyro's document, and its programs of which only a half is ours."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ferrow import driver
from tests.docs.postpyro import BLOCKS, Stage, stage
from tests.support.certificates import Authority
from tests.support.tls_proxy import tls_proxy

__all__ = ["stage"]

# --- connection strings --------------------------------------------------------------------------------------------------


@pytest.mark.postgresql
def test_connection_string_options(stage: Stage, postgresql_url: str, tmp_path: Path) -> None:
    server = Authority(tmp_path).issue("server", "localhost")
    with tls_proxy(postgresql_url, server) as between:
        stage.port = between.port
        for statement in ast.parse(BLOCKS[781].text).body:
            names, _ = stage.play(ast.unparse(statement))
            assert names["conn"].ping()
            names["conn"].close()
    assert [event for event in between.events if event.startswith("startup")] == [
        f"startup {'encrypted' if asked.tls.sslmode == 'require' else 'plain'}" for asked in stage.asked
    ]
    assert between.events.count("startup encrypted") == 2
    assert [asked.connect_timeout for asked in stage.asked] == [30, 30, 10, 10]
    assert stage.asked[-1].parameters == {"application_name": "myapp"}
    assert (stage.asked[0].host, stage.asked[0].port, stage.asked[0].user) == ("localhost", 5432, "user")


@pytest.mark.postgresql
@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_both_schemes(stage: Stage, scheme: str) -> None:
    with driver.connect(f"{scheme}://user:password@host:5432/database?application_name=myapp") as conn:
        assert conn.query_one("SHOW application_name") == ("myapp",)


# --- beside other drivers ------------------------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.parametrize("line", [799, 817])
def test_the_half_that_is_ours(stage: Stage, line: int) -> None:
    ours = BLOCKS[line].text.index("# PostPyro")
    names, _ = stage.play(BLOCKS[line].text[ours:])
    assert [row["name"] for row in names["rows"]] == ["Cem"]
    assert names["conn"].is_closed()
    assert (stage.asked[-1].user, stage.asked[-1].database) == ("postgres", "test")


@pytest.mark.postgresql
def test_a_str_for_an_integer_is_refused(stage: Stage) -> None:
    with pytest.raises(driver.DataError, match="parameter 1") as caught:
        stage.play(BLOCKS[854].text)
    assert caught.value.parameter == 1
    assert stage.conn.query("SELECT age FROM users WHERE id > 1000") == [(25,)]
