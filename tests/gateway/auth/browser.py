"""A browser as far as the gateway can tell: it keeps cookies, says where it asks from, and reads one cookie."""

from http.cookies import SimpleCookie
from typing import Any

import aiohttp

from tests.gateway.conftest import PASSWORD, Door

CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"


class Browser:
    """Cookies by hand, so that a test can see and change what is sent."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.cookies: dict[str, str] = {}
        self.attributes: dict[str, dict[str, str]] = {}
        self.always: dict[str, str] = {}

    async def sign_in(self, username: str = "wayan", password: str = PASSWORD, **given: Any) -> dict[str, Any]:
        """Sign in to the portal; the body of the answer."""
        wanted = {"username": username, "password": password, "keeping": "portal", **given}
        status, body = await self.ask("POST", "/v1/auth/token", json=wanted)
        assert status == 200, body
        return body

    async def ask(
        self, method: str, path: str, *, fields: dict[str, str] | None = None, csrf: bool = True, **given: Any
    ) -> tuple[int, dict[str, Any]]:
        """Status and body of what the page itself asks; ``fields`` replace header fields, empty ones drop them."""
        async with self.request(method, path, fields=fields, csrf=csrf, **given) as answer:
            self.keep(answer)
            return answer.status, (await answer.json() if answer.content_type.endswith("json") else {})

    def request(
        self, method: str, path: str, *, fields: dict[str, str] | None = None, csrf: bool = True, **given: Any
    ) -> Any:
        """The same, with the answer as it is."""
        headers = {
            "User-Agent": CHROME,
            "Sec-Fetch-Site": "same-origin",
            "Sec-Fetch-Mode": "cors",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        readable = [value for name, value in self.cookies.items() if name.endswith("lontar_csrf")]
        if csrf and readable:
            headers["X-CSRF-Token"] = readable[0]
        headers |= self.always | (fields or {})
        return self.door.http.request(method, path, headers={k: v for k, v in headers.items() if v}, **given)

    def keep(self, answer: aiohttp.ClientResponse) -> None:
        """Take the answer's cookies in, or let them go."""
        for line in answer.headers.getall("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.attributes[name] = {key: value for key, value in morsel.items() if value}
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
