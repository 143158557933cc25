"""What a mock server was given to play, as it was posted: each replica reads it as if it had been posted there."""

from __future__ import annotations

from pactmock.pact.json.values import Json
from pactmock.pact.parts.body import decode_base64, encode_base64
from pactmock.pact.value import value
from pactmock.service.posted import Posted


@value
class Given:
    """A pact, a contract, or more interactions; *anew* in place of all that were given but the pact itself."""

    posted: Posted
    anew: bool = False

    def to_json(self) -> dict[str, Json]:
        content = self.posted.content
        try:
            shape: dict[str, Json] = {"content": content.decode()}
        except UnicodeDecodeError:
            shape = {"base64": encode_base64(content)}
        return shape | {"contract": self.posted.is_contract, "anew": self.anew}

    @classmethod
    def read(cls, shape: Json) -> Given:
        content = shape["content"].encode() if "content" in shape else decode_base64(shape["base64"]) or b""
        return cls(Posted(content, shape["contract"]), shape["anew"])
