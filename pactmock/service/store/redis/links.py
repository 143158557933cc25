"""The way to whatever a URL names: a store of one node, or a cluster."""

from __future__ import annotations

from typing import TypeAlias

from pactmock.errors import InvalidParameter
from pactmock.service.store.redis.cluster_link import ClusterLink, node_url
from pactmock.service.store.redis.link import Link

AnyLink: TypeAlias = Link | ClusterLink


def link_to(url: str, seconds: float) -> AnyLink:
    """Return the way to a store, whose answers may take so many seconds.

    Raises:
        InvalidParameter: for a URL of none; a cluster has no databases with numbers.
    """
    if node_url(url) == url:
        return Link(url, seconds)
    if url.rstrip("/").count("/") > 2:
        raise InvalidParameter("--store names a database, and a cluster has none: leave the path of its URL out")
    return ClusterLink(url, seconds)
