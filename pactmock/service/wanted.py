"""How somebody wants a mock server, and what that comes to in a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pactmock.pact import specification
from pactmock.pact.value import value
from pactmock.server.host import canonical
from pactmock.server.options import MockServerOptions
from pactmock.service.certificates import ServiceCertificates, WantedTls

if TYPE_CHECKING:
    from pactmock.server.wire.tls.context import ClientCertificates
    from pactmock.service.settings import ServiceSettings


@value
class Wanted:
    """How a mock server is wanted; what is left out is as the service has it.

    `port` 0 takes any that is free, `ttl` is in seconds, `version` is the specification that the pact is written in.
    `state` is the provider state that is chosen at first, `strict` refuses a pact with warnings. `tls_names` are more
    names for a minted certificate, `tls_client_ca` is whether clients show certificates.
    """

    host: str | None = None
    port: int = 0
    name: str | None = None
    tls: WantedTls = False
    tls_names: tuple[str, ...] = ()
    tls_client_ca: ClientCertificates | None = None
    cors: bool = False
    version: str | None = None
    ttl: float | None = None
    seed: int | None = None
    counts_interactions: bool = False
    counts_messages: bool = False
    state: str | None = None
    strict: bool | None = None

    def options(self, settings: ServiceSettings, certificates: ServiceCertificates) -> MockServerOptions:
        """Return the options of such a mock server.

        Raises:
            InvalidParameter: for what this service has not, or what does not go together.
        """
        return MockServerOptions(
            host=canonical(self.host) if self.host else settings.host,
            port=self.port,
            name=self.name,
            cors_pre_flight=self.cors or settings.cors_pre_flight,
            tls=certificates.tls(self.tls, self.tls_names, self.tls_client_ca),
            specification=specification.named(self.version) if self.version else None,
            ttl=self.ttl,
            seed=self.seed,
            state=self.state,
            counts_interactions=self.counts_interactions,
            counts_messages=self.counts_messages,
            strict=settings.strict if self.strict is None else self.strict,
            decisions=settings.decisions,
            wire=settings.wire,
            journal=settings.journal,
            secrets=settings.secrets,
        )
