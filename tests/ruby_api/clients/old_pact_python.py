# ruff: noqa: T201  it is played by another Python, with pact-python 2.2.2
# mypy: ignore-errors
"""pact-python up to 2: it starts `pact-mock-service` of PATH, and writes a pact after each test."""

import sys
import warnings

warnings.simplefilter("ignore")

import requests  # noqa: E402
from pact import Consumer, EachLike, Like, Provider, Term  # noqa: E402

todo, port = sys.argv[1], int(sys.argv[2])
pact = Consumer("Python Shop").has_pact_with(
    Provider("Users"), host_name="localhost", port=port, pact_dir="pacts", log_dir="logs"
)
body = {"name": Like("Ada"), "tags": EachLike("a")}
(
    pact.given("user 7 exists")
    .upon_receiving("a new name for user 7")
    .with_request("put", Term(r"^/users/\d+$", "/users/7"), body=body, query={"dry": "yes"})
    .will_respond_with(200, body={"id": Like(7)})
)
pact.start_service()
try:
    with pact:
        sent = {"name": "Grace", "tags": ["x", "y"]} if todo != "fail" else {"name": 1, "tags": []}
        requests.put(f"{pact.uri}/users/8?dry=yes", json=sent, timeout=20)
    print("passed")
except AssertionError as error:
    print("failed:", error)
finally:
    pact.stop_service()
