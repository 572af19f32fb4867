"""Which statements of MariaDB end a transaction, or may."""

from __future__ import annotations

import pytest

from ferrow.wire.mysql.control import doubt, transaction_end


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
        ("ROLLBACK /*!50000 TO a */", "ROLLBACK"),
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
    assert transaction_end(sql) == command


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
    assert doubt(sql) == may
