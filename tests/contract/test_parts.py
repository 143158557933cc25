"""What a contract in Python has besides examples and matchers: rules and generators, files, XML, plugins, metadata."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from pactmock.contract import Pact, generate, match, xml
from pactmock.contract.match import AbstractMatcher, GenericMatcher


@pytest.fixture
def pact() -> Pact:
    return Pact("web", "users-api")


def interaction(pact: Pact, directory: Path) -> Any:
    pact.write_file(directory)
    (found,) = json.loads((directory / "web-users-api.json").read_text())["interactions"]
    return found


@pytest.mark.parametrize(
    "rules",
    [
        {"body": {"$.a": match.int(1)}},
        {"body": {"$.a": {"match": "integer"}}},
        {"$.body.a": {"match": "integer"}},
        '{"body": {"$.a": {"combine": "AND", "matchers": [{"match": "integer"}]}}}',
    ],
)
def test_rules_come_on_top_of_those_of_matchers(pact: Pact, tmp_path: Path, rules: Any) -> None:
    pact.upon_receiving("x").with_request("POST", "/x").with_body({"a": match.type(1)}).with_matching_rules(rules)
    rule = interaction(pact, tmp_path)["request"]["matchingRules"]["body"]["$.a"]
    assert [item["match"] for item in rule["matchers"]] == ["type", "integer"]


def test_rules_for_a_whole_body_make_any_picture_match(pact: Pact) -> None:
    (
        pact.upon_receiving("x")
        .with_request("POST", "/x")
        .with_binary_body(b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg")
        .with_matching_rules({"body": {"$": match.content_type("image/jpeg")}})
        .will_respond_with(201)
    )
    with pact.serve() as server:
        sent = httpx.post(server / "x", content=b"\xff\xd8\xff\xe1other", headers={"Content-Type": "image/jpeg"})
    assert sent.status_code == 201


def test_generators_can_be_written_as_in_a_pact_file(pact: Pact) -> None:
    (
        pact.upon_receiving("x")
        .with_request("GET", "/x")
        .will_respond_with(200)
        .with_body({"a": 1, "b": "c"})
        .with_generators({"body": {"$.a": generate.int(min=50, max=50)}})
        .with_generators('{"body": {"$.b": {"type": "RandomString", "size": 3}}}')
    )
    with pact.serve() as server:
        found = httpx.get(server / "x").json()
    assert found["a"] == 50
    assert len(found["b"]) == 3


def test_what_is_no_json_is_refused(pact: Pact) -> None:
    with pytest.raises(RuntimeError, match="not valid JSON"):
        pact.upon_receiving("x").with_matching_rules("{")


def test_files_are_uploaded_with_any_content_of_their_type(pact: Pact, tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(16))
    text = tmp_path / "a.txt"
    text.write_text("hello")
    (
        pact.upon_receiving("x")
        .with_request("POST", "/x")
        .with_multipart_file("picture", picture)
        .with_multipart_file("text", text, "text/plain")
        .will_respond_with(201)
    )
    with pact.serve() as server:
        files: Any = {
            "picture": ("b.png", io.BytesIO(picture.read_bytes() + b"more"), "image/png"),
            "text": ("b.txt", io.BytesIO(b"other"), "text/plain"),
        }
        assert httpx.post(server / "x", files=files).status_code == 201
    first = interaction(pact, tmp_path)["request"]
    assert first["body"]["encoded"] == "base64"
    assert first["matchingRules"]["body"]["$.picture"]["matchers"] == [{"match": "contentType", "value": "image/png"}]


def test_xml_is_described_by_elements_with_matchers(pact: Pact) -> None:
    user = xml.element(
        "user",
        xml.element("id", match.int(7)),
        xml.element("tag", match.str("a"), attrs={"n": match.int(1)}).each(min=2),
        xml.element("made", match.int()),
        attrs={"kind": "person"},
    )
    (
        pact.upon_receiving("x")
        .with_request("POST", "/x")
        .with_body(xml.body(user), "application/xml")
        .will_respond_with(200)
        .with_body(xml.body(user), "application/xml")
    )
    sent = '<user kind="person"><id>8</id><tag n="4">y</tag><tag n="5">z</tag><made>3</made></user>'
    with pact.serve() as server:
        answer = httpx.post(server / "x", content=sent, headers={"Content-Type": "application/xml"})
    assert answer.status_code == 200
    assert answer.text.startswith("<?xml version='1.0'?><user kind=\"person\"><id>7</id>")
    assert answer.text.count('<tag n="1">a</tag>') == 2


def test_metadata_is_in_the_file_under_its_own_name(pact: Pact, tmp_path: Path) -> None:
    pact.with_metadata("build", {"commit": "abc"}).with_metadata("build", {"branch": "main"}).write_file(tmp_path)
    written = json.loads((tmp_path / "web-users-api.json").read_text())
    assert written["metadata"]["build"] == {"commit": "abc", "branch": "main"}
    with pytest.raises(RuntimeError, match="pactSpecification"):
        pact.with_metadata("pactSpecification", {})


def test_a_plugin_makes_and_compares_its_contents(pact: Pact) -> None:
    (
        pact.using_plugin("csv")
        .upon_receiving("x")
        .with_request("GET", "/x")
        .will_respond_with(200)
        .with_plugin_contents(
            {"csvHeaders": True, "column:Name": "matching(type,'Ada')", "column:Age": "matching(number,36)"},
            "text/csv;charset=utf-8",
        )
    )
    with pact.serve() as server:
        answer = httpx.get(server / "x")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.text.split() == ["Age,Name", "36,Ada"]


def test_a_plugin_that_is_not_there_is_named_at_once(pact: Pact) -> None:
    with pytest.raises(RuntimeError, match="Failed to load the plugin none-such"):
        pact.using_plugin("none-such")


def test_contents_without_a_plugin_are_warned_of(pact: Pact) -> None:
    with pytest.warns(UserWarning, match="There is no plugin for the contents of 'x'"):
        pact.upon_receiving("x").with_plugin_contents("{}", "application/json")


class Shout(AbstractMatcher[str]):
    """A matcher of a test's own."""

    def to_integration_json(self) -> dict[str, Any]:
        return {"pact:matcher:type": "regex", "regex": "[A-Z]+", "value": "HEY"}

    def to_matching_rule(self) -> dict[str, Any]:
        return {"match": "regex", "regex": "[A-Z]+"}


def test_a_test_can_write_matchers_of_its_own(pact: Pact, tmp_path: Path) -> None:
    body = {"a": Shout(), "b": GenericMatcher("semver", "1.2.3")}
    pact.upon_receiving("x").with_request("POST", "/x").with_body(body).with_matching_rules({"header": {"X": Shout()}})
    request = interaction(pact, tmp_path)["request"]
    assert request["body"]["content"] == {"a": "HEY", "b": "1.2.3"}
    assert request["matchingRules"]["body"]["$.b"]["matchers"] == [{"match": "semver"}]
    assert request["matchingRules"]["header"]["X"]["matchers"] == [{"match": "regex", "regex": "[A-Z]+"}]
