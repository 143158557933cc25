"""`--pact FILE|DIRECTORY|URL`: where the pacts of a command are, and what is played of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pactmock.pact.value import value
from pactmock.sources.local import Local, is_url

if TYPE_CHECKING:
    from pactmock.service.playlist import Given, Playlist
    from pactmock.sources.found import Problem
    from pactmock.sources.local import Stamp


@value
class Sources:
    """Files and directories with pacts, URLs, and files with contracts."""

    pacts: Local
    urls: Sequence[str]
    contracts: Local

    @classmethod
    def of(cls, pacts: Sequence[str], contracts: Sequence[Path] = ()) -> Sources:
        """Tell files, directories and URLs apart."""
        places = [Path(text) for text in pacts if not is_url(text)]
        directories = [place for place in places if place.is_dir()]
        files = [place for place in places if place not in directories]
        return cls(Local(files, directories), [text for text in pacts if is_url(text)], Local(contracts))

    async def read(self) -> tuple[list[Given], list[Problem]]:
        """Read all of them; what cannot be is a problem."""
        from pactmock.service.playlist import Given
        from pactmock.service.posted import Posted
        from pactmock.sources.contents import contents_of

        pacts, contracts = await contents_of(self.pacts), await contents_of(self.contracts)
        fetched = await contents_of(Local(), self.urls)
        given = [Given(item.name, Posted(item.content)) for item in pacts.found]
        given += [Given(item.name, Posted(item.content), is_local=False) for item in fetched.found]
        given += [Given(item.name, Posted(item.content, is_contract=True)) for item in contracts.found]
        return given, [*pacts.problems, *fetched.problems, *contracts.problems]

    def stamps(self) -> frozenset[Stamp]:
        """Return what is another value when a file has changed."""
        return self.pacts.stamps()

    async def follow(self, playlist: Playlist, known: frozenset[Stamp]) -> None:
        """Have a playlist play files anew when they change, for ever; `known` are their stamps before they were read.

        What is at a URL is read once.
        """
        from pactmock.service.playlist import Given
        from pactmock.service.posted import Posted
        from pactmock.sources.contents import contents_of
        from pactmock.sources.watching import changes

        async for _ in changes(self.pacts, known):
            now = await contents_of(self.pacts)
            await playlist.change([Given(item.name, Posted(item.content)) for item in now.found], now.problems)
