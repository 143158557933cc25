"""Documents from other servers: bounded, in time too, tried again where that helps, and never with a wrong secret.

This is the one module that asks other servers for anything. What a server is shown to let us in comes with the source,
and goes to the host that it was given for alone.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from base64 import b64encode
from dataclasses import field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

import pactmock
from pactmock.errors import SourceFailed
from pactmock.pact.value import value

logger = logging.getLogger("pactmock.sources")

_LARGEST = 100 * 1024 * 1024
_SECONDS = aiohttp.ClientTimeout(total=60.0, sock_connect=10.0, sock_read=30.0)
_FIRST_WAIT = 0.5
_MOST_WAIT = 600.0
"""Seconds: a server that asks for more is not waited for any longer."""

_AGAIN = frozenset({408, 429, *range(500, 600)})


@value
class Advice:
    """What somebody can do who is not let in, or whose server is not trusted: each command has options of its own."""

    let_in: str = "say who asks in the URL, as in https://USER:PASSWORD@host"
    trust: str = "have SSL_CERT_FILE name the CA of it"


@value
class Access:
    """How other servers are asked: what they are shown, whether their certificate is checked, how often they are asked.

    `user` is a name, a colon and a password, or a name. `only_for` is a URL: they are shown to its origin alone, and
    to whoever is asked where it is None. `attempts` below 1 is one attempt, too.
    """

    user: str | None = None
    token: str | None = None
    only_for: str | None = None
    insecure: bool = False
    attempts: int = 8
    advice: Advice = field(default_factory=Advice)


class _Again(Exception):
    """An attempt that may go better a little later."""

    def __init__(self, problem: str, wait: float | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.wait = wait


class Fetcher:
    """Asks other servers, as long as its `async with` block lasts."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._session = aiohttp.ClientSession(
            timeout=_SECONDS,
            headers={"User-Agent": f"pactmock/{pactmock.__version__}"},
            connector=aiohttp.TCPConnector(ssl=not access.insecure),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        await self._session.close()

    async def get(self, url: str, accept: str = "*/*", *, shows_secrets: bool = True) -> bytes:
        """Return what is at a URL.

        Raises:
            SourceFailed: with a sentence, when nothing is, or nothing that could be taken.
        """
        _check(url)
        wait = _FIRST_WAIT
        for attempt in range(1, max(1, self._access.attempts) + 1):
            try:
                return await self._try(url, accept, shows_secrets=shows_secrets)
            except _Again as again:
                if attempt >= self._access.attempts:
                    raise SourceFailed(again.problem) from None
                pause = min(_MOST_WAIT, wait if again.wait is None else again.wait)
                logger.warning(
                    "%s - %s; attempt %d of %d in %g s",
                    again.problem,
                    shown(url),
                    attempt + 1,
                    self._access.attempts,
                    pause,
                )
                await asyncio.sleep(pause)
                wait *= 2
        raise AssertionError("the last attempt returns, or raises")

    async def _try(self, url: str, accept: str, *, shows_secrets: bool) -> bytes:
        headers = {"Accept": accept, **(self._authorization(url) if shows_secrets else {})}
        try:
            async with self._session.get(url, headers=headers, proxy=_proxy(url)) as response:
                _check_status(response, self._access.advice)
                return await _content(response)
        except aiohttp.ClientConnectorCertificateError as error:
            raise SourceFailed(
                f"Its certificate is not trusted ({_reason(error.certificate_error)}): {self._access.advice.trust}"
            ) from None
        except TimeoutError:
            raise _Again("It did not answer in time") from None
        except aiohttp.TooManyRedirects:
            raise SourceFailed("It redirects for ever") from None
        except aiohttp.InvalidURL as error:
            raise SourceFailed(f"It redirects to {shown(str(error.url))[:200]!r}, which is no URL") from None
        except aiohttp.NonHttpUrlClientError:
            raise SourceFailed("It redirects to what is not fetched by HTTP") from None
        except aiohttp.ClientConnectorError as error:
            raise _Again(f"It cannot be reached: {_reason(error.os_error)}") from None
        except aiohttp.ClientResponseError as error:  # its text has the URL, with what lets somebody in
            raise _Again(f"It does not speak HTTP as expected: {' '.join(error.message.split())}") from None
        except aiohttp.ClientError as error:
            raise _Again(f"It does not speak HTTP as expected: {error}") from None
        except ValueError:  # also of a redirect: a user in it, and an Authorization that is of the same server
            raise SourceFailed(
                "It cannot be asked: it redirects to a URL that has a user, or its proxy is none that is known"
            ) from None

    def _authorization(self, url: str) -> dict[str, str]:
        access = self._access
        if urlsplit(url).username is not None or not (access.only_for is None or is_of_origin(url, access.only_for)):
            return {}
        if access.token is not None:
            if _UNSENDABLE.search(access.token):
                raise SourceFailed("The token has a line break, or what no header can have: give it without")
            return {"Authorization": f"Bearer {access.token}"}
        if access.user is not None:
            name, _, password = access.user.partition(":")
            credentials = f"{name}:{password}".encode(errors="surrogateescape")
            return {"Authorization": f"Basic {b64encode(credentials).decode()}"}
        return {}


_UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SECRET_PARAMETER = re.compile(r"([^&=]*(?:token|sig|secret|passw|key|credential|auth)[^&=]*)=[^&]*", re.IGNORECASE)


def shown(url: str) -> str:
    """Return a URL without what lets somebody in: a user, and parameters such as `private_token` or `X-Amz-Signature`.

    What is no URL has none of them either.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.rpartition("@")[2].partition("?")[0][:500]
    query = _SECRET_PARAMETER.sub(r"\1=***", parts.query)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query))[:500]


def is_of_origin(url: str, other: str) -> bool:
    """Tell whether two URLs are of one server: of the same scheme, host and port."""
    try:
        return _origin(url) == _origin(other)
    except ValueError:
        return False


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_one = parts.scheme in {"http", "https"} and bool(host.encode("idna")) and parts.port != 0
    except ValueError:  # of the host, too: it has an empty part, or one that is too long
        is_one = False
    if not is_one:
        raise SourceFailed("This is no URL: give one that begins with http:// or https:// and a host")


def _proxy(url: str) -> str | None:
    """Return the proxy that the environment names. aiohttp would do it, and read passwords from .netrc as well."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    proxy = None if proxy_bypass(host) else getproxies().get(parts.scheme)
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def _check_status(response: aiohttp.ClientResponse, advice: Advice) -> None:
    status = response.status
    if status < 300:
        return
    said = f"It answers {status} {response.reason or ''}".rstrip()
    if status in {401, 403}:
        raise SourceFailed(f"{said}: {advice.let_in}")
    if status in _AGAIN:
        raise _Again(said, _retry_after(response.headers.get("Retry-After")))
    raise SourceFailed(f"{said}, and no pact")


async def _content(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for piece in response.content.iter_chunked(64 * 1024):
        content += piece
        if len(content) > _LARGEST:
            raise SourceFailed(f"It has more than the {_LARGEST} bytes that are read of one")
    if response.content_type in {"text/html", "application/xhtml+xml"}:
        raise SourceFailed("It is an HTML page, and no pact: give the URL of the JSON, not the one that people look at")
    return bytes(content)


def _retry_after(text: str | None) -> float | None:
    """Return how many seconds a server asks to wait, and a fifth more, so that not all come back at once."""
    if text is None:
        return None
    if text.strip().isdecimal():
        seconds = float(text)
    else:
        try:
            seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            return None
    seconds = max(0.0, seconds)
    return seconds + min(seconds / 5, 60.0)


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
