"""TLS of an event loop in which nothing is lost that was decrypted before something went wrong."""

from __future__ import annotations

import ssl
from typing import Any


class HeardObject(ssl.SSLObject):
    """What an event loop decrypts with.

    A loop reads several records before it gives them away, and gives none of them away if reading one raises: an alert, or a record that
    cannot be decrypted. Behind others such a one is the end of what there is to read, and `failure` says why.

    uvloop keeps the `read` of what a context has made, so that there a context of the program's own makes none of these.
    """

    failure: ssl.SSLError | None = None
    _behind = False

    def read(self, len: int = 1024, buffer: Any = None) -> Any:
        """As that of `SSLObject`; 0 or no bytes at what would cost those that were read before it."""
        try:
            read = super().read(len, buffer)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.SSLSyscallError):
            self._behind = False
            raise
        except ssl.SSLError as error:
            if not self._behind:
                raise
            if not isinstance(error, (ssl.SSLZeroReturnError, ssl.SSLEOFError)):
                self.failure = error
            return b"" if buffer is None else 0
        self._behind = True
        return read
