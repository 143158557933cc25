"""A store that lost what it had acknowledged, as after a failover: replicas go on from what it has, all alike."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.pacts import interaction, pact
from tests.process import call
from tests.store.redis_server import DURABLE, redis_server
from tests.store.replicas import Replicas


def test_replicas_that_knew_more_go_on_from_what_the_store_has(tmp_path: Path) -> None:
    with redis_server(*DURABLE) as redis, Replicas(redis.url, tmp_path) as replicas:
        replicas.start()
        replicas.start()
        first, second = replicas.urls
        server = replicas.create(pact(interaction("a", {"path": "/a"})))
        assert call("GET", f"{first}/m/{server}/before")[0] == 500
        kept = tmp_path / "kept"
        shutil.copytree(redis.socket.parent, kept, ignore=shutil.ignore_patterns("*.sock"))
        for number in range(3):
            assert call("GET", f"{replicas.urls[number % 2]}/m/{server}/lost-{number}")[0] == 500
        added = [interaction("b", {"path": "/b"})]
        assert call("POST", f"{first}/mockserver/{server}/interactions", added)[0] == 200
        assert len(replicas.ask(f"/mockserver/{server}/requests")[1]["requests"]) == 4
        redis.kill()
        for name in ("appendonlydir",):
            shutil.rmtree(redis.socket.parent / name)
            shutil.copytree(kept / name, redis.socket.parent / name)
        redis.socket.unlink(missing_ok=True)
        redis.start()
        for number in range(6):  # as many as were lost, and more: their numbers are given again
            assert call("GET", f"{second}/m/{server}/after-{number}")[0] == 500
        shown = replicas.ask(f"/mockserver/{server}/requests")[1]["requests"]
        assert [item["request"]["path"] for item in shown] == ["/before", *(f"/after-{n}" for n in range(6))]
        assert len(replicas.ask(f"/mockserver/{server}/mismatches")[1]) == 8
        assert call("GET", f"{first}/m/{server}/b")[0] == 500  # what was added is lost, too
