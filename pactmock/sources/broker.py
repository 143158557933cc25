"""The pacts of a Pact Broker: the latest of each consumer and provider, by the links of its HAL documents."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from urllib.parse import urljoin

from pactmock.errors import PactmockError, SourceFailed
from pactmock.matching.patterns.pattern import compile_pattern
from pactmock.pact.json.values import Json, parse_document
from pactmock.pact.value import value
from pactmock.sources.fetching import Fetcher, is_of_origin, shown
from pactmock.sources.found import Loaded, Problem, read_document

logger = logging.getLogger("pactmock.sources")

_HAL = "application/hal+json, application/json"
_LATEST, _PACTS = "pb:latest-pact-versions", "pb:pacts"


@value
class Broker:
    """A broker, and whose pacts are wanted of it: those whose consumer and whose provider a pattern finds, if any."""

    url: str
    consumers: Sequence[str] = ()
    providers: Sequence[str] = ()

    async def load(self, fetcher: Fetcher) -> Loaded:
        """Fetch the latest pacts."""
        try:
            index = await self._document(fetcher, self.url)
            latest = _links(index, _LATEST)
            if not latest:
                raise SourceFailed(f"It has no link '{_LATEST}', as a Pact Broker has: give the URL of one")
            pacts = await self._document(fetcher, self._target(latest[0]))
        except PactmockError as error:
            return Loaded(problems=(Problem(error.message, shown(self.url)),))
        loaded = Loaded()
        for link in _links(pacts, _PACTS):
            loaded += await self._pact(fetcher, link)
        return loaded

    async def _pact(self, fetcher: Fetcher, link: str) -> Loaded:
        url = link
        try:
            url = self._target(link)
            document = await self._document(fetcher, url)
        except PactmockError as error:
            return Loaded(problems=(Problem(error.message, shown(url)),))
        names = tuple(_name(document, role) for role in ("consumer", "provider"))
        if all(map(_is_wanted, names, (self.consumers, self.providers))):
            return read_document(shown(url), document)
        logger.info("the pact of %s and %s is left out, as its names are not asked for - %s", *names, shown(url))
        return Loaded()

    def _target(self, link: str) -> str:
        try:
            return urljoin(self.url, link)
        except ValueError:
            raise SourceFailed(f"It links to {shown(link)!r}, which is no URL") from None

    async def _document(self, fetcher: Fetcher, url: str) -> Json:
        return parse_document(await fetcher.get(url, _HAL, shows_secrets=is_of_origin(url, self.url)))


def _links(document: Json, relation: str) -> list[str]:
    """Return where the links of a relation lead: there may be one, or a list."""
    links = document.get("_links") if isinstance(document, dict) else None
    found = links.get(relation) if isinstance(links, dict) else None
    items = found if isinstance(found, list) else [found]
    return [item["href"] for item in items if isinstance(item, dict) and isinstance(item.get("href"), str)]


def _name(document: Json, role: str) -> str:
    participant = document.get(role) if isinstance(document, dict) else None
    name = participant.get("name") if isinstance(participant, dict) else None
    return name if isinstance(name, str) else ""


def _is_wanted(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(compile_pattern(pattern).search(name) for pattern in patterns)
