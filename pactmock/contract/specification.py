"""The versions of the Pact specification as an enumeration, as pact-python has them."""

from __future__ import annotations

from enum import Enum


class PactSpecification(Enum):
    """A version of the Pact specification."""

    UNKNOWN = 0
    V1 = 1
    V1_1 = 2
    V2 = 3
    V3 = 4
    V4 = 5

    @classmethod
    def from_str(cls, version: str) -> PactSpecification:
        """Return the version of a text such as `4`, `v4`, `1.1` or `V1_1`.

        Raises:
            KeyError: for any other text.
        """
        name = version.upper().replace(".", "_")
        return cls[name if name.startswith("V") else f"V{name}"]

    @property
    def version_name(self) -> str:
        """The name that `pactmock.pact.specification` has for it."""
        return self.name.replace("_", ".")

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"PactSpecification.{self.name}"
