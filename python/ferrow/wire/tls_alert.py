"""What a server means that ends TLS by an alert (RFC 8446, "Error Alerts"). Needs no `ssl`: it reads what that has said."""

from __future__ import annotations

_ABOUT_US = ("CERTIFICATE", "UNKNOWN_CA")


def explained(text: str) -> str:
    """What an error of TLS says, with what would help where the server has objected to our certificate, or to its absence."""
    said = text.upper()
    if "ALERT" in said and any(word in said for word in _ABOUT_US):
        return f"{text}: the server did not accept the client certificate, see sslcert and sslkey"
    return text
