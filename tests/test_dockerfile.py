"""The image can be built where packages come from a mirror whose certificate a CA of its own has signed."""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import trustme

from tests.http_servers import listening
from tests.patience import HANG

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")
BUILD_STAGE = re.sub(r"^ *#.*\n", "", DOCKERFILE.split("\nFROM ")[1], flags=re.MULTILINE)
ENVIRONMENTS, PACKAGES = re.findall(r"^RUN ((?:.*\\\n)*.*)", BUILD_STAGE, re.MULTILINE)


@contextmanager
def index(ca: trustme.CA) -> Iterator[tuple[str, list[str]]]:
    """A mirror that has no package: its URL, and what it was asked for."""
    asked: list[str] = []

    class Empty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    with listening(Empty, context) as port:
        yield f"https://localhost:{port}/simple", asked


_OF_THIS_MACHINE = re.compile(r"^PIP_|PROXY|CERT|CA_BUNDLE")
"""How pip is to find packages here, which a build knows nothing of."""


def build(directory: Path, **arguments: str) -> str:
    """Run the steps of the first stage below a directory; return what the one that fails says."""
    for name in ("pyproject.toml", "constraints.txt", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, directory)
    (directory / "pactmock").mkdir()
    script = f"{ENVIRONMENTS}\n{PACKAGES}".replace("/tools", f"{directory}/tools").replace("/opt/", f"{directory}/opt/")
    script = re.sub(r"\bpython3 -", f"{sys.executable} -", script)
    variables = {name: text for name, text in os.environ.items() if not _OF_THIS_MACHINE.search(name.upper())}
    done = subprocess.run(
        ["sh", "-ec", script],  # noqa: S607  the shell that builds images
        cwd=directory,
        env={**variables, "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull, **arguments},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode != 0, "an empty index cannot be enough"
    return done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("sh") is None, reason="images are built by sh")
@pytest.mark.parametrize("has_ca", [True, False])
def test_packages_come_from_the_mirror_that_is_named_if_its_ca_is(tmp_path: Path, has_ca: bool) -> None:
    ca = trustme.CA()
    given = {"CA": ca.cert_pem.bytes().decode()} if has_ca else {}
    with index(ca) as (url, asked):
        said = build(tmp_path, PIP_INDEX_URL=url, **given)
    assert asked[:1] == (["/simple/hatchling/"] if has_ca else []), said
    assert ("No matching distribution found for hatchling" in said) is has_ca or "certificate" in said


def test_neither_stays_in_the_image() -> None:
    final = DOCKERFILE.split("\nFROM ")[2]
    assert "CA" not in re.findall(r"^ARG (\w+)", final, re.MULTILINE)
    assert "PIP_INDEX_URL" not in final
    assert re.findall(r"^COPY --from=build (\S+)", final, re.MULTILINE) == ["/opt/pactmock"]
