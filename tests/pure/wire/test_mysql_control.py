"""Which statements of MariaDB end a transaction, or may."""

from __future__ import annotations

import pytest

from ferrow.lexical import PLAIN, TEXTS
from ferrow.wire.ends import transaction_end as any_end
from ferrow.wire.mysql.comments import server
from ferrow.wire.mysql.control import doubt, transaction_end

NEW = server("11.8.2-MariaDB-ubu2404")


@pytest.mark.parametrize(
    ("sql", "command"),
    [
        ("COMMIT", "COMMIT"),
        (" \n;commit release", "COMMIT"),
        ("-- a\n--\n# b\n/* c */ROLLBACK", "ROLLBACK"),
        ("ROLLBACK WORK", "ROLLBACK"),
        ("ROLLBACK AND CHAIN", "ROLLBACK"),
        ("ROLLBACK /* x */ TO a", None),
        ("ROLLBACK WORK TO SAVEPOINT a", None),
        ("SAVEPOINT a", None),
        ("RELEASE SAVEPOINT a", None),
        ("BEGIN WORK", "BEGIN"),
        ("BEGIN NOT ATOMIC SELECT 1; END", None),
        ("START TRANSACTION READ ONLY", "START TRANSACTION"),
        ("START SLAVE", None),
        ("/*!COMMIT*/", "COMMIT"),
        ("/*!50000 ROLLBACK */ WORK", "ROLLBACK"),
        ("/*M!100100 BEGIN */", "BEGIN"),
        ("/*!99999 SELECT 1 */ COMMIT", "COMMIT"),
        ("ROLLBACK /*!50000 TO a */", None),
        ("ROLLBACK /*!99999 TO a */", "ROLLBACK"),
        ("/* ! COMMIT */", None),
        ("--COMMIT", None),
        ("# COMMIT", None),
        ("/* COMMIT", None),
        ("SELECT 'COMMIT'", None),
        ("committed", None),
        ("COMMIT$", None),
        ("`COMMIT`", None),
        ("(SELECT 1)", None),
        ("", None),
        ("SET autocommit=1", "SET autocommit"),
        ("set `autocommit` := 0", "SET autocommit"),
        ("SET @@autocommit = ON", "SET autocommit"),
        ("SET SESSION time_zone = '+00:00', @@SESSION.autocommit = 0", "SET autocommit"),
        ("SET @a = 1,\n  autocommit = 1", "SET autocommit"),
        ("SET GLOBAL  autocommit = 1", None),
        ("SET PERSIST autocommit = 1", None),
        ("SET @`autocommit` = 1", None),
        ("SET @a = IF(@@autocommit = 1, 2, 3)", None),
        ("SET @@global.autocommit = 1", None),
        ("SET @autocommit = 1", None),
        ("SET @a = 'autocommit = 1'", None),
        ("SET @a = @@autocommit", None),
        ("SET TRANSACTION READ ONLY", None),
        ("XA START 'x'", "XA START"),
        ("XA COMMIT 'x'", "XA COMMIT"),
        ("XA RECOVER", None),
        ("LOCK TABLES t READ", "LOCK TABLES"),
        ("LOCK TABLE t WRITE", "LOCK TABLES"),
        ("LOCK INSTANCE FOR BACKUP", None),
    ],
)
def test_first_words_decide(sql: str, command: str | None) -> None:
    assert transaction_end(sql, NEW) == command


@pytest.mark.parametrize(
    ("sql", "may"),
    [
        ("SELECT 1", ""),
        ("(SELECT 1)", ""),
        ("/* x */ insert into t values (1)", ""),
        ("ROLLBACK TO a", ""),
        ("create table t (a int)", "commits"),
        ("/*!40000 ALTER TABLE t DISABLE KEYS */", "commits"),
        ("TRUNCATE t", "commits"),
        ("CALL p()", "unseen"),
        ("EXECUTE IMMEDIATE 'COMMIT'", "unseen"),
        ("BEGIN NOT ATOMIC COMMIT; END", "unseen"),
    ],
)
def test_others_may_end_one(sql: str, may: str) -> None:
    assert doubt(sql, NEW) == may


@pytest.mark.parametrize(
    ("version", "sql", "runs"),
    [
        ("8.4.3", "/*!80403 COMMIT */", True),
        ("8.4.3", "/*!080403 COMMIT */", True),
        ("8.4.3", "/*!80404 COMMIT */", False),
        ("9.7.0", "/*!90000 COMMIT */", True),
        ("9.7.0", "/*!1000000 COMMIT */", False),
        ("9.7.0", "/*M! COMMIT */", False),
        ("9.7.0", "/*M!100100 COMMIT */", False),
        ("9.7.0", "/*! COMMIT */", True),
        ("5.5.5-10.11.6-MariaDB", "/*!50003 COMMIT */", True),
        ("10.11.6-MariaDB", "/*!50700 COMMIT */", False),
        ("10.11.6-MariaDB", "/*!80013 COMMIT */", False),
        ("10.11.6-MariaDB", "/*!101106 COMMIT */", True),
        ("10.11.6-MariaDB", "/*!101107 COMMIT */", False),
        ("10.11.6-MariaDB", "/*M!50700 COMMIT */", True),
        ("10.11.6-MariaDB", "/*M!110000 COMMIT */", False),
        ("10.11.6-MariaDB", "/*M! COMMIT */", True),
        ("10.11.6-MariaDB", "/*!110000 SELECT /* a */ 1 */ COMMIT", True),
        ("10.11.6-MariaDB", "/*!50003 SELECT /* a */ 1 */ COMMIT", False),
        ("9.7.0", "/* SELECT /* a */ COMMIT /* */ */", True),
    ],
)
def test_a_versioned_comment_is_read_as_its_server_reads_it(version: str, sql: str, runs: bool) -> None:
    assert transaction_end(sql, server(version)) == ("COMMIT" if runs else None)
    assert doubt(sql.replace("COMMIT", "ALTER TABLE t"), server(version)) == ("commits" if runs else "")


@pytest.mark.parametrize("sql", ["/*!50003 COMMIT */", "/*M!100100 COMMIT */", "/*!99999 SELECT 1 */ COMMIT"])
def test_a_server_of_no_known_version_may_read_it_either_way(sql: str) -> None:
    assert any_end("mysql", sql) == "COMMIT"


@pytest.mark.parametrize(
    ("reading", "sql", "command"),
    [
        ("mysql", r"SET @a = 'x\', autocommit = 1'", None),
        (PLAIN, r"SET @a = 'x\', autocommit = 1", "SET autocommit"),
        (PLAIN, r"SET @a = 'x\', @b = ' autocommit = 1'", None),
        ("mysql", r'SET @a = "x\", autocommit = 1', "SET autocommit"),
        (TEXTS, r'SET @a = "x\", autocommit = 1"', None),
        (TEXTS, r'SET @a = "x\"", autocommit = 1', "SET autocommit"),
    ],
)
def test_strings_are_those_of_the_session(reading: str, sql: str, command: str | None) -> None:
    assert transaction_end(sql, NEW, reading) == command
