"""Where the class's pages are, and the secret in their address."""

from __future__ import annotations

import dataclasses
import secrets
from typing import TYPE_CHECKING, Final

import segno
from markupsafe import Markup

if TYPE_CHECKING:
    from typing import Self

_TOKEN_BYTES: Final = 16


@dataclasses.dataclass(frozen=True)
class ClassLink:
    """What somebody asked to have opened, for as long as this console runs.

    Attributes:
        address: of this machine, on which it listens beside 127.0.0.1.
        port: there.
        token: the secret that whoever may look has in the link.
    """

    address: str
    port: int
    token: str

    @classmethod
    def new(cls, address: str, port: int) -> Self:
        """One with a token that nobody has seen."""
        return cls(address, port, secrets.token_urlsafe(_TOKEN_BYTES))

    @property
    def url(self) -> str:
        """The link itself."""
        return f"http://{self.address}:{self.port}/{self.token}/"

    def admits(self, token: str) -> bool:
        """Whether *token* is the link's; it takes as long for a wrong one."""
        return secrets.compare_digest(token.encode(), self.token.encode())

    def qr(self) -> Markup:
        """The link as a QR code, dark on light whatever the page is: cameras want that."""
        code = segno.make(self.url, error="m", micro=False)
        drawn = code.svg_inline(omitsize=True, dark="#000", light="#fff", border=4)
        return Markup(drawn)  # noqa: S704 - drawn here, of no text
