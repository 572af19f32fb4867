"""What a server answers when it is asked for TLS (PostgreSQL manual, "SSL Session Encryption")."""

from __future__ import annotations

from ferrow.errors import OperationalError

SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"

_LONGEST = 8192
_SHOWN = 200


class StrangeAnswer(OperationalError):
    """Nothing that a server of PostgreSQL says: as in libpq, that is no reason to try without TLS."""


class HungUp(StrangeAnswer):
    """No answer at all: there another host of the list may do, as where a server hangs up later."""


def is_whole(answer: bytes) -> bool:
    """Whether no more of it needs to be waited for."""
    if answer[:1] != b"E" or len(answer) >= _LONGEST:
        return bool(answer)
    return len(answer) >= 5 and len(answer) > min(int.from_bytes(answer[1:5], "big"), _LONGEST)


def accepts(answer: bytes) -> bool:
    """True: TLS begins. False: the server has none, and waits for what comes in plain text.

    Raises OperationalError for anything else. What comes behind the one byte was not sent by the server that TLS is
    about to be spoken with (CVE-2021-23222), so then there is no next byte.
    """
    if answer == b"S":
        return True
    if answer == b"N":
        return False
    if not answer:
        raise HungUp("the server closed the connection when it was asked for TLS")
    if answer[:1] in (b"S", b"N"):
        raise StrangeAnswer(
            "more than one byte came in answer to the request for TLS: somebody may be putting words into the server's mouth"
        )
    if answer[:1] == b"E":
        raise OperationalError(
            f"the server answered the request for TLS with an error (nobody vouches for it): {_words(answer)}"
        )
    raise StrangeAnswer(
        f"{answer[:1]!r} came in answer to the request for TLS, where 'S' or 'N' was expected: this is not PostgreSQL"
    )


def _words(answer: bytes) -> str:
    """The message of an ErrorResponse, as text that does nothing to a terminal (CVE-2024-10977)."""
    fields = answer[5:].split(b"\0")
    found = next((field[1:] for field in fields if field[:1] == b"M"), answer[1:])
    text = found.decode("utf-8", "replace")[:_SHOWN]
    return repr("".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text))
