"""Several values of one header survive every version of a pact file."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.pact import specification
from pactmock.pact.parts import headers
from pactmock.pact.specification import Specification
from tests.pacts import interaction, pact
from tests.verifying import Given, verify

COOKIES = ["sid=1; HttpOnly", "theme=dark; Path=/"]
VERSIONS = [*specification.ALL]


@pytest.mark.parametrize("version", [item.version for item in VERSIONS])
async def test_cookies_are_served_and_written_each_by_itself_and_verified(
    control: aiohttp.ClientSession, http: aiohttp.ClientSession, version: str
) -> None:
    """Row 74: the native library joins them by commas, which makes one broken cookie of them."""
    posted = pact(interaction("log in", {"path": "/login"}, headers={"Set-Cookie": COOKIES}), version=version)
    for _ in range(2):
        async with control.post("/", json=posted) as response:
            server = (await response.json())["mockServer"]
        async with http.get(server["url"] + "/login") as response:
            assert response.headers.getall("Set-Cookie") == COOKIES
        async with control.get(f"/mockserver/{server['id']}/pact") as response:
            posted = await response.json()
        assert posted["interactions"][0]["response"]["headers"] == {"Set-Cookie": COOKIES}
    assert await verify(posted, lambda _: Given(200, tuple(("Set-Cookie", cookie) for cookie in COOKIES)))
    assert not await verify(posted, lambda _: Given(200, (("Set-Cookie", COOKIES[0]),)))


@pytest.mark.parametrize(
    ("name", "values", "written"),
    [
        ("Accept", ("a/b", "c/d"), "a/b, c/d"),
        ("Accept", ("a/b",), "a/b"),
        ("Accept", ("a/b, c/d",), ["a/b, c/d"]),
        ("X-Day", ("Mon, 1 Jan",), "Mon, 1 Jan"),
        ("X-Day", ("Mon, 1 Jan", "Tue, 2 Jan"), ["Mon, 1 Jan", "Tue, 2 Jan"]),
        ("X-Day", ("a", "b"), ["a", "b"]),
        ("X-Day", (" a ",), [" a "]),
        ("X-Day", (), []),
        ("X-Day", ("",), ""),
    ],
)
def test_values_are_joined_only_where_that_is_read_as_the_same(
    name: str, values: tuple[str, ...], written: Any
) -> None:
    assert headers.to_texts({name: values}) == {name: written}


@given(
    st.dictionaries(st.sampled_from(["Accept", "Set-Cookie", "X"]), st.lists(st.text()).map(tuple)),
    st.sampled_from(VERSIONS),
)
def test_headers_are_read_as_they_were_written(given_headers: headers.Headers, version: Specification) -> None:
    assert headers.from_json(dict(version.write_headers(given_headers))) == given_headers
