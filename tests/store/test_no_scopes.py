"""Replicas tell no scopes apart, and say so: what names one is in no verdict but as a failure."""

from __future__ import annotations

import pytest

from tests.pacts import interaction, pact
from tests.process import call
from tests.store.replicas import Replicas


@pytest.mark.parametrize(("path", "headers"), [("~a", {}), ("", {"X-Pactmock-Scope": "a"})])
def test_a_request_that_names_a_scope_is_refused_and_all_know(
    replicas: Replicas, path: str, headers: dict[str, str]
) -> None:
    server = replicas.create(pact(interaction("a", {"path": "/a"})))
    status, answer = call("GET", f"{replicas.urls[0]}/m/{server}{path}/a", headers=headers)
    assert (status, "Replicas tell no scopes apart" in answer["error"]) == (404, True)
    types = [item["type"] for item in replicas.ask(f"/mockserver/{server}/mismatches")[1]]
    assert types == ["request-refused", "missing-request"]


def test_no_scope_can_be_begun_or_listed(replicas: Replicas) -> None:
    server = replicas.create(pact(interaction("a", {"path": "/a"})))
    for method, path in (("PUT", "/scopes/a"), ("GET", "/scopes"), ("GET", "/scopes/a/matched")):
        status, answer = replicas.ask(f"/mockserver/{server}{path}", method)
        assert (status, answer["code"]) == (404, "no_scopes")
