"""The manifests for Kubernetes, and the compose file with replicas, start what they promise.

There is no cluster here: they are held against the schemas of Kubernetes, and what they start is started by hand.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
import kubernetes_validate
import pytest
import yaml

from pactmock.cli import main
from tests.pacts import interaction, pact
from tests.process import Running, call, service
from tests.store.redis_server import redis_server

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy" / "kubernetes"
FILES = sorted(path for path in DEPLOY.rglob("*.yaml") if path.name != "kustomization.yaml")
_ENDS_WITHIN = 3.0
"""Seconds that the end of a service may take, besides its drain."""
_TOKEN = {"Authorization": "Bearer secret"}


def _documents(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


OBJECTS = {
    (document["kind"], document["metadata"]["name"]): document for path in FILES for document in _documents(path)
}
DEPLOYMENT = OBJECTS["Deployment", "pactmock"]["spec"]
POD = DEPLOYMENT["template"]["spec"]
VALKEY = OBJECTS["StatefulSet", "valkey"]["spec"]["template"]["spec"]
(CONTAINER,) = POD["containers"]
COMPOSE = _documents(ROOT / "docker" / "compose.replicas.yaml")[0]["services"]


@pytest.mark.parametrize("version", ["1.29", "1.33", "1.37"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_manifests_are_such_that_a_cluster_takes_them(path: Path, version: str) -> None:
    for document in _documents(path):
        kubernetes_validate.validate(document, version, strict=True)


def test_every_file_is_one_that_kustomize_reads() -> None:
    for kustomization in DEPLOY.rglob("kustomization.yaml"):
        named = {(kustomization.parent / name).resolve() for name in _documents(kustomization)[0]["resources"]}
        beside = {path for path in FILES if path.parent == kustomization.parent}
        assert beside <= named
        assert all(path.exists() for path in named)


@pytest.mark.parametrize("place", ["base", "overlays/try"])
def test_kustomize_renders_it(place: str) -> None:
    program = shutil.which("kustomize")
    if program is None:
        pytest.skip("there is no kustomize: go install sigs.k8s.io/kustomize/kustomize/v5@latest")
    done = subprocess.run([program, "build", str(DEPLOY / place)], capture_output=True, text=True, check=True)
    rendered = list(yaml.safe_load_all(done.stdout))
    assert {"Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy"} <= {item["kind"] for item in rendered}
    for document in rendered:
        kubernetes_validate.validate(document, "1.33", strict=True)


@pytest.mark.parametrize("pod", [POD, VALKEY], ids=["pactmock", "valkey"])
def test_pods_may_do_no_more_than_the_restricted_standard_lets_them(pod: dict[str, Any]) -> None:
    context = pod["securityContext"]
    assert context["runAsNonRoot"] is True
    assert context["runAsUser"] > 0
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"].keys() == {"cpu", "memory"}


def test_what_selects_pods_and_ports_finds_them() -> None:
    for name, template in (
        ("pactmock", DEPLOYMENT["template"]),
        ("valkey", OBJECTS["StatefulSet", "valkey"]["spec"]["template"]),
    ):
        labels, ports = (
            template["metadata"]["labels"],
            {port["name"] for port in template["spec"]["containers"][0]["ports"]},
        )
        assert OBJECTS["Service", name]["spec"]["selector"] == labels
        assert {port["targetPort"] for port in OBJECTS["Service", name]["spec"]["ports"]} == ports
        assert OBJECTS["NetworkPolicy", name]["spec"]["podSelector"]["matchLabels"] == labels
        assert {
            port["port"] for rule in OBJECTS["NetworkPolicy", name]["spec"]["ingress"] for port in rule["ports"]
        } == ports
    assert (
        OBJECTS["PodDisruptionBudget", "pactmock"]["spec"]["selector"]["matchLabels"]
        == DEPLOYMENT["template"]["metadata"]["labels"]
    )


def test_a_pod_is_killed_only_when_it_should_have_ended() -> None:
    given = next(argument for argument in CONTAINER["args"] if argument.startswith("--drain-seconds="))
    drain = float(given.partition("=")[2])
    looks = CONTAINER["readinessProbe"]
    assert looks["periodSeconds"] * looks["failureThreshold"] < drain
    assert POD["terminationGracePeriodSeconds"] > drain + _ENDS_WITHIN
    compose = COMPOSE["pactmock"]
    grace = float(compose["stop_grace_period"].removesuffix("s"))
    assert grace > float(compose["environment"]["PACTMOCK_DRAIN_SECONDS"]) + _ENDS_WITHIN
    assert DEPLOYMENT["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_the_compose_file_names_options_that_there_are() -> None:
    start = main.get_command(click.Context(main), "start")
    assert start is not None
    known = {option.envvar for option in start.params if isinstance(option, click.Option)}
    assert COMPOSE["pactmock"]["environment"].keys() <= known


def _as_on_this_machine(container: Mapping[str, Any], values: Mapping[str, str]) -> list[str]:
    """Return the arguments of a container, with other words for what only its own machine has."""
    text = "\0".join(container["args"])
    for old, new in values.items():
        assert old in text, f"{old!r} is not among the arguments any more"
        text = text.replace(old, new)
    assert "/" not in re.sub("|".join(map(re.escape, values.values())), "", text), text
    return text.split("\0")


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Running]]:
    """The replicas of one manifest on the Redis of the other, started with their arguments and variables."""
    place = tmp_path_factory.mktemp("cluster")
    token = place / "token"
    token.write_text("secret\n")
    token.chmod(0o400)
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server(*VALKEY["containers"][0]["args"]))
        secrets = {"store": redis.url}
        fields = {"metadata.namespace": "testing"}
        environment: dict[str, str] = {}
        for variable in CONTAINER["env"]:
            ((kind, source),) = variable["valueFrom"].items()
            assert kind == "fieldRef" or source["name"] == "pactmock"
            environment[variable["name"]] = (
                fields[source["fieldPath"]] if kind == "fieldRef" else secrets[source["key"]]
            )
        started = []
        for number in range(DEPLOYMENT["replicas"]):
            here = {
                "--port=8080": "--port=0",
                "--output=/pacts": f"--output={place / str(number)}",
                "/run/secrets/pactmock/token": str(token),
                "$(POD_NAMESPACE)": environment["POD_NAMESPACE"],
            }
            command, *arguments = _as_on_this_machine(CONTAINER, here)
            assert command == "start"
            started.append(stack.enter_context(service(place / str(number), *arguments, **environment)))
        yield started


def test_its_arguments_start_replicas_that_give_one_verdict(replicas: list[Running]) -> None:
    first, second, third = (f"http://127.0.0.1:{running.port}" for running in replicas)
    assert call("POST", first, pact(interaction("a", {"path": "/a"})))[0] == 401
    status, answer = call("POST", f"{first}/?name=users", pact(interaction("a", {"path": "/a"})), _TOKEN)
    assert status == 200, answer
    assert call("GET", f"{second}/m/users/a", headers={"Host": "pactmock.testing"})[0] == 200
    assert call("GET", f"{third}/mockserver/users/matched", headers=_TOKEN) == (200, {"matched": True})


def test_what_probes_ask_is_answered_without_a_token(replicas: list[Running]) -> None:
    probes = [CONTAINER[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")]
    for probe in probes:
        assert probe["port"] == CONTAINER["ports"][0]["name"]
        assert call("GET", f"http://127.0.0.1:{replicas[0].port}{probe['path']}")[0] == 200


def test_the_image_and_the_manifest_agree_on_places() -> None:
    dockerfile = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")
    image = dict(re.findall(r"(PACTMOCK_\w+)=(\S+)", dockerfile))
    given = dict(argument.removeprefix("--").split("=", 1) for argument in CONTAINER["args"][1:])
    assert given["output"] == image["PACTMOCK_OUTPUT"]
    assert given["port"] == image["PACTMOCK_PORT"] == str(CONTAINER["ports"][0]["containerPort"])
    mounted = {mount["mountPath"] for mount in CONTAINER["volumeMounts"]}
    assert {given["output"], os.path.dirname(given["token-file"]), "/tmp"} == mounted  # noqa: PTH120, S108
    assert {mount["name"] for mount in CONTAINER["volumeMounts"]} == {volume["name"] for volume in POD["volumes"]}
