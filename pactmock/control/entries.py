"""The entries of a journal as models, for the OpenAPI document: what `journal_view.py` writes.

Like explanations (`explained.py`), they are not made of these models; tests hold each answer against its model.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, RootModel

from pactmock.control.explained import OUTCOMES, ShortName, Target, Value, Verdict


class Body(Value):
    """The body of a message."""

    content: str
    encoded: Literal[False, "base64"] = Field(description="base64 where the bytes are no text.")
    size: int = Field(description="Its bytes.")
    shown: int | None = Field(None, description="In lists: of how many bytes `content` is, where not of all.")


class ReceivedRequest(Target):
    """A request as it was received. What is secret in its headers is unreadable on a service that others can reach."""

    query: str | None = Field(description="As it was sent, without the question mark.")
    headers: dict[str, list[str]] = Field(description="By names in lower case.")
    headerLines: list[list[str]] = Field(  # noqa: N815
        description="Lines of a name and a value, spelled and ordered as they came."
    )
    body: Body | None


class SentResponse(Value):
    """What was answered."""

    status: int
    headers: list[list[str]] = Field(description="Lines of a name and a value, in their order.")
    body: Body | None


class ClientCertificate(Value):
    """What a client has shown of itself in the TLS handshake, and what an authority of `--tls-client-ca` has signed."""

    subject: str | None = Field(
        description="As RFC 4514 writes it: `CN=shop,O=Example`. Null where it is not readable."
    )
    issuer: str | None
    serialNumber: str | None = Field(description="In hexadecimal.")  # noqa: N815
    names: list[str] = Field(description="The other names in it, up to twenty.")
    fingerprint: str = Field(description="The SHA-256 of the certificate, in hexadecimal.")


class Record(Verdict):
    """A request that was received, with its verdict and its answer."""

    number: int = Field(description="Counts from 1 and goes on after a reset.")
    received: datetime
    matched: bool
    scope: str | None = Field(None, description="The scope that it belongs to, where there is one.")
    late: bool = Field(description="Decided against what was expected before a reset or a PUT: it counts for nothing.")
    afterVerdict: float | None = Field(  # noqa: N815
        description="How many seconds it came after a verification that found all matched; null for all others."
    )
    unconfirmed: bool = Field(
        False, description="It was noted by a replica of which nobody knows that it answered; it is no match."
    )
    outcome: OUTCOMES
    sentence: str
    fault: str | None = Field(
        None, description="What became of the answer on purpose: a delay, or what was sent instead."
    )
    protocol: str = Field("HTTP/1.1", description="The one that it came by; it is only said where it is another one.")
    clientCertificate: ClientCertificate | None = Field(  # noqa: N815
        None, description="What the client has shown; left out where that was nothing, as without `tls_client_ca`."
    )
    request: ReceivedRequest
    response: SentResponse


class Line(Value):
    """What a line has room for of an entry of the journal."""

    number: int
    received: datetime
    matched: bool
    scope: str | None = Field(None, description="The scope that it belongs to, where there is one.")
    late: bool = Field(description="It counts for nothing.")
    afterVerdict: float | None = Field(  # noqa: N815
        description="How many seconds it came after a green verdict, which it does not change."
    )
    unconfirmed: bool = Field(
        False, description="It was noted by a replica of which nobody knows that it answered; it is no match."
    )
    outcome: OUTCOMES | Literal["Refused"]
    sentence: str
    fault: str | None = Field(None, description="What became of the answer on purpose.")
    method: str = Field(description="Empty where it could not be read.")
    path: str = Field(description="Empty where it could not be read.")
    query: str | None = Field(description="As it was sent.")
    interaction: ShortName | None = Field(description="The one that matches or is nearest.")
    status: int = Field(description="What was answered.")


class StatusOnly(Value):
    """The status that was answered."""

    status: int


class Refusal(Value):
    """What was refused before it was a request: it could not be read, or was too large."""

    number: int
    received: datetime
    matched: Literal[False]
    scope: str | None = Field(None, description="The scope that it belongs to, where there is one.")
    late: Literal[False]
    afterVerdict: float | None = Field(  # noqa: N815
        description="How many seconds it came after a verification that found all matched; null for all others."
    )
    outcome: Literal["Refused"]
    protocol: str = Field("HTTP/1.1", description="The one that it came by; it is only said where it is another one.")
    reason: str
    response: StatusOnly


class Entry(RootModel[Any]):
    """An entry of the journal: a request, or what was refused before it was one."""

    model_config = ConfigDict(defer_build=True)

    root: Annotated[Record | Refusal, Field(discriminator="outcome")]
