"""Types that travel as text: their values are `str`, in the one form that the server writes."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

from tests.support.values.kind import Kind
from tests.support.values.made import whole

SETUP = """
CREATE SCHEMA "Quoted One";
CREATE TABLE "Quoted One"."a ""b"" c" (n integer);
CREATE FUNCTION "Quoted One"."do it"(integer, text[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
"""
NOBODY = st.integers(4 * 10**9, 2**32 - 1).map(str)
"""Numbers that nothing has: they are written as they are."""


def named(*names: str) -> st.SearchStrategy[str]:
    return st.sampled_from(names) | NOBODY


def amount(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02}"


def quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def vector(words: dict[str, list[tuple[int, str]]]) -> str:
    """A tsvector: its words in order of their bytes, each with its places in order."""
    found = []
    for word in sorted(words, key=str.encode):
        places = ",".join(f"{at}{weight}" for at, weight in sorted(words[word]))
        found.append(quoted(word) + (f":{places}" if places else ""))
    return " ".join(found)


def privileges(grantee: str, letters: set[str], options: set[str]) -> str:
    """An aclitem, its privileges in the server's order."""
    order = [letter for letter in "arwdDxtXUCTc" if letter in letters]
    return f"{grantee}={''.join(letter + '*' * (letter in options) for letter in order)}/pg_monitor"


def joined(parts: st.SearchStrategy[str], between: str, most: int) -> st.SearchStrategy[str]:
    return st.lists(parts, min_size=1, max_size=most).map(between.join)


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)
PLACES = st.lists(
    st.tuples(st.integers(1, 16383), st.sampled_from(["A", "B", "C", ""])), max_size=4, unique_by=lambda place: place[0]
)
SOUGHT = st.builds("{}{}".format, WORDS.map(quoted), st.sampled_from(["", ":*", ":A", ":*BC"]))
PART = (
    SOUGHT
    | SOUGHT.map("!{}".format)
    | st.builds("{} <-> {}".format, SOUGHT, SOUGHT)
    | st.builds("{} <7> {}".format, SOUGHT, SOUGHT)
)
TERM = joined(PART, " & ", 3) | st.builds("{} & ( {} | {} )".format, PART, SOUGHT, PART)
LABEL = st.text("abc1_", min_size=1, max_size=5)
FLAGGED = st.builds("{}{}".format, LABEL, st.sampled_from(["", "*", "@", "%", "@*", "%@*"]))
LEVEL = (
    joined(FLAGGED, "|", 3)
    | joined(FLAGGED, "|", 2).map("!{}".format)
    | st.sampled_from(["*", "*{2}", "*{1,}", "*{,3}", "*{1,3}"])
)
CHARACTERS = st.characters(min_codepoint=32, max_codepoint=0xD7FF) | st.sampled_from("\n\t🦀")
LETTERS = st.sets(st.sampled_from("arwdDxtXUCTc"), min_size=1)


def element(name: str, attribute: str, text: str) -> str:
    return f"<{name} b={quoteattr(attribute)}>{escape(text)}</{name}>"


def text(sql: str, values: st.SearchStrategy[Any], needs: str | None = None) -> Kind:
    return Kind(sql, values, str, needs=needs, text_only=True)


TEXTS = [
    text("money", whole(64).map(amount)),
    text("tsvector", st.dictionaries(WORDS, PLACES, max_size=5).map(vector)),
    text("tsquery", joined(TERM, " | ", 3) | st.just("")),
    text("xml", st.builds(element, st.sampled_from(["a", "é"]), st.text(CHARACTERS), st.text(CHARACTERS)), needs="xml"),
    text("aclitem", st.builds(privileges, st.sampled_from(["", "pg_read_all_data"]), LETTERS, LETTERS)),
    # Without words of its own: the cast from text takes names only, and a literal numbers as well.
    Kind(
        "regclass",
        named("pg_class", "information_schema.tables", '"Quoted One"."a ""b"" c"', "-"),
        None,
        text_only=True,
    ),
    text("regtype", named("integer", "mood[]", "character varying", "pair", "-")),
    text("regproc", named("now", '"Quoted One"."do it"', "-")),
    text("regprocedure", named("abs(integer)", '"Quoted One"."do it"(integer,text[])', "-")),
    text("regoper", named("||/", "0")),
    text("regoperator", named("+(integer,integer)", "!!(NONE,tsquery)", "0")),
    text("regconfig", named("simple", "english", "-")),
    text("regdictionary", named("simple", "english_stem", "-")),
    text("regnamespace", named("pg_catalog", '"Quoted One"', "-")),
    text("regrole", named("pg_monitor", "pg_read_all_data", "-")),
    text("regcollation", named('"C"', '"default"', "-")),
]
