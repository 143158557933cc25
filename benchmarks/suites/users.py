"""A client of a service of users: what the suites test. As most clients do, it raises for an answer that is none."""

from __future__ import annotations

from typing import Any

import httpx


def get_user(url: str, number: int) -> dict[str, Any] | None:
    answer = httpx.get(f"{url}/users/{number}")
    return None if answer.status_code == httpx.codes.NOT_FOUND else _content(answer)


def list_users(url: str, role: str) -> list[dict[str, Any]]:
    users: list[dict[str, Any]] = _content(httpx.get(f"{url}/users", params={"role": role}))
    return users


def create_user(url: str, name: str) -> int:
    number: int = _content(httpx.post(f"{url}/users", json={"name": name}))["id"]
    return number


async def get_user_async(url: str, number: int) -> dict[str, Any]:
    async with httpx.AsyncClient() as client:
        user: dict[str, Any] = _content(await client.get(f"{url}/users/{number}/profile"))
        return user


def _content(answer: httpx.Response) -> Any:
    answer.raise_for_status()
    return answer.json()
