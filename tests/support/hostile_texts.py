"""Texts that are meant to become SQL where a name, a key, a path or an option is expected: at least three hundred."""

from __future__ import annotations

from itertools import product

PAYLOADS = (
    "DROP TABLE canaries",
    "DELETE FROM canaries",
    "UPDATE canaries SET secret = 'gone'",
    "SELECT secret FROM canaries",
    "UNION SELECT secret FROM canaries",
    "UNION ALL SELECT secret, secret FROM canaries",
    "OR 1=1",
    "OR ''=''",
    "OR TRUE",
    "ATTACH DATABASE 'x' AS x",
    "COPY canaries TO PROGRAM 'cat'",
    "PRAGMA writable_schema = 1",
)
ENDINGS = (
    "x'; {}; --",
    'x"; {}; --',
    "x`; {}; --",
    "x]; {}; --",
    "x); {}; --",
    "x')); {} /*",
    'x") {} --',
    "x\\'; {}; --",
    'x\\"; {}; --',
    "x {} --",
    "1) {} --",
    "x' {} --",
    'x" {} --',
    "x'||({})||'",
    "(SELECT 1); {}",
    "x/**/{}",
    "x\n; {};\n",
    "x'; {}\x00",
    "x;{}#",
    "$$; {}; $$",
    "$1; {}",
    "?1; {}",
    "x', '$.a') {} --",
    'id"="id" {} --',
)
ODD = (
    "'", '"', "''", '""', "\\", "\\'", ";", "--", "/*", "*/", "%", "_", "%s", "%(name)s", "?", "$1", ":name", "{}", "{0}", "\x00", "a\x00b", " ", "\t", "\n",
    "*", "users.*", "1", "-1", "id; --", "id, secret", "id AS secret", "(id)", "id::text", "id->>'x'", "secret)", "count(*)", "NULL", "DEFAULT", "current_user",
    "\u2019; DROP TABLE canaries; --", "\uff07; DROP TABLE canaries", "\u02bc OR 1=1", "\ud83d\ude00'--".encode("utf-16", "surrogatepass").decode("utf-16"),
    "é\u0301'; --", "\u202e'; --", "x" * 64, "x" * 5_000, "'" * 100, '"' * 101, "$.a", "$[0]", "a.b.c", "a[*]", "$**", "{a,b}", "a\"}", "#>>", "__class__", "__dict__",
    "id__", "__id", "id__eq__eq", "id__nosuch", "-", "--id", "-id; --", "+id", "id desc", "id DESC NULLS LAST", "RANDOM()", "pg_sleep(5)", "1e9", "0x41",
)  # fmt: skip

HOSTILE: tuple[str, ...] = tuple(
    dict.fromkeys([ending.format(payload) for payload, ending in product(PAYLOADS, ENDINGS)] + list(ODD))
)
