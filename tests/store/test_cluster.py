"""A store that is a cluster: three real nodes, of which each has some of the mock servers."""

from __future__ import annotations

import asyncio
import gc
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pactmock.service.store.redis.cluster_link import ClusterLink
from tests.free_ports import free_ports
from tests.pacts import USERS, interaction, pact
from tests.patience import HANG
from tests.process import call, run
from tests.store.load import pact_of, send
from tests.store.redis_server import PROGRAM, needs_redis
from tests.store.replicas import Replicas


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a cluster."""
    needs_redis()
    control = shutil.which("redis-cli") or shutil.which("valkey-cli")
    assert PROGRAM is not None
    assert control is not None
    ports = free_ports(3)
    with tempfile.TemporaryDirectory(prefix="pactmock-") as directory, ExitStack() as stack:
        for port in ports:
            own = Path(directory, str(port))
            own.mkdir()
            options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(own), "--save", ""]
            clustered = [*options, "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"]
            node = subprocess.Popen([PROGRAM, *clustered], stdout=subprocess.DEVNULL)
            stack.callback(node.wait)
            stack.callback(node.kill)
        nodes = [f"127.0.0.1:{port}" for port in ports]
        create = [control, "--cluster", "create", *nodes, "--cluster-yes"]
        until = time.monotonic() + HANG
        while subprocess.run(create, capture_output=True, check=False, timeout=HANG).returncode:
            assert time.monotonic() < until, "the nodes do not become a cluster"
            time.sleep(0.2)
        while (
            b"cluster_state:ok"
            not in subprocess.run(
                [control, "-p", str(ports[2]), "cluster", "info"], capture_output=True, check=False, timeout=HANG
            ).stdout
        ):
            assert time.monotonic() < until, "the cluster does not come up"
            time.sleep(0.1)
        yield f"redis+cluster://{nodes[0]}"


async def test_a_cluster_is_a_store_as_any_other(cluster: str, tmp_path: Path) -> None:
    with Replicas(cluster, tmp_path) as replicas:
        for _ in range(2):
            replicas.start("--store-timeout", "60")
        servers = [replicas.create(pact_of(number), f"?name=of-{number}") for number in range(12)]
        wanted = [
            (servers[number % 12], f"/of-{number % 12}/{'wrong' if number % 3 == 0 else number}", number % 3 != 0)
            for number in range(600)
        ]
        for sent in await send(replicas.urls, wanted):
            assert sent.status == (200 if sent.is_right else 500), sent
        for number, server in enumerate(servers):
            count = sum(1 for of, _, right in wanted if of == server and not right)
            found = replicas.ask(f"/mockserver/of-{number}/mismatches")[1]
            assert len([item for item in found if item["type"] == "request-not-found"]) == count
        assert call("POST", f"{replicas.urls[1]}/?name=of-1", USERS)[0] == 409
        first = replicas.create(pact(interaction("a", {"path": "/a"}), consumer="clustered"))
        assert call("GET", f"{replicas.urls[1]}/m/{first}/a")[0] == 200
        assert call("POST", f"{replicas.urls[0]}/mockserver/{first}/verify")[0] == 204
        assert replicas.ask("/pacts/clustered/api")[0] == 200
        assert call("DELETE", f"{replicas.urls[1]}/mockserver/{first}")[0] == 204
        assert replicas.ask(f"/mockserver/{first}")[0] == 404


async def test_calls_that_come_first_at_once_share_their_connections(cluster: str) -> None:
    """One that is not closed says so, and warnings are errors here."""
    link = ClusterLink(cluster, HANG)
    await asyncio.gather(*(link.command("GET", f"key {number}") for number in range(5)))
    await link.close()
    gc.collect()


def test_a_database_of_a_cluster_is_refused() -> None:
    done = run("start", "--port", "0", "--store", "redis+cluster://127.0.0.1:1/2")
    assert done.returncode
    assert "a cluster has none" in done.stderr
    assert "Traceback" not in done.stderr
