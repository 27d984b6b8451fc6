"""The database: ``mongod`` where it is on PATH, else SecantusDB from the project's own environment.

Invariants: authentication is on whenever a client can reach it with data in it; one user per program, limited to its
own database; the URL says what the server can do (``retryWrites=false`` for SecantusDB alone).

What SecantusDB 0.7.0b3 honours of this, as tried: a user with readWrite and dbAdmin on its own database is refused
find, count, distinct, aggregate, insert, update, delete, transactions, change streams, listing, statistics, explain and
dropping in every other database, and creating users anywhere. It does NOT check the target of the two commands that
name a database inside their body: ``bulkWrite`` of MongoDB 8 and ``renameCollection``. A real replica set does. It also
lets a dbOwner create a root user, so dbOwner is never given.
"""

import contextlib
import shutil
import signal
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.embedded.definitions import OPERATOR, PROGRAMS
from deploy.embedded.layout import Layout, private_folder
from deploy.embedded.mongo_servers import Flavour, Mongod, Secantus
from deploy.embedded.ports import PortBook
from deploy.embedded.process import Child, ChildSpec, Report
from deploy.embedded.secrets import SecretStore

ROOT_USER = "root"
UNAUTHORIZED = 13
USER_EXISTS = 51003

Client = AsyncMongoClient[dict[str, Any]]


class Database:
    """The database server and its users."""

    name = "mongodb"

    def __init__(self, layout: Layout, ports: PortBook, secrets: SecretStore, report: Report) -> None:
        self._layout, self._ports, self._secrets, self._report = layout, ports, secrets, report
        self.port = ports.claim("mongodb")
        mongod = shutil.which("mongod")
        data = private_folder(layout.data / ("mongodb" if mongod else "secantusdb"))
        self._flavour: Flavour = Mongod(mongod, data, secrets) if mongod else Secantus(data, layout)
        self._founded = data / "root-user-made"
        self._child: Child | None = None

    @property
    def children(self) -> list[Child]:
        """Its one process."""
        return [self._child] if self._child else []

    @property
    def software(self) -> str:
        """Product and version."""
        return self._flavour.software

    def url(self, user: str) -> str:
        """The URL of one of the programs, of ``operator`` (reads everything) or of ``root``."""
        return f"mongodb://{user}:{self._password(user)}@127.0.0.1:{self.port}/?{self._flavour.options}"

    async def start(self) -> None:
        """Start with authentication, after making the first user where there is none; then the users."""
        if not self._founded.exists() and self._flavour.first_user_without_auth:
            await self._found_behind_closed_doors()
        self._child = Child(self._spec(self.port, auth=True), self._report)
        await self._child.start()
        bare = self._bare_url(self.port)
        await self._flavour.prepare(bare, self.url(ROOT_USER), self.port)
        if not self._founded.exists():
            await self._make_root(bare)
            self._founded.touch(mode=0o600)
        await self._make_users()

    async def stop(self) -> None:
        """Stop the server."""
        if self._child is not None:
            await self._child.stop()

    async def kill(self, sig: signal.Signals, *, restart: bool = True) -> None:
        """Send a signal to the server."""
        if self._child is not None:
            await self._child.kill(sig, restart=restart)

    async def _found_behind_closed_doors(self) -> None:
        """SecantusDB's first user: made in a moment without authentication, on a port nobody was told."""
        port = self._ports.claim("mongodb-founding")
        child = Child(self._spec(port, auth=False), self._report)
        await child.start()
        try:
            await self._make_root(self._bare_url(port))
        finally:
            await child.stop()
        self._founded.touch(mode=0o600)

    async def _make_root(self, url: str) -> None:
        async with Client(url, serverSelectionTimeoutMS=5000) as client:
            try:
                await client.admin.command("createUser", ROOT_USER, pwd=self._password(ROOT_USER), roles=["root"])
            except OperationFailure as failure:  # made by a start that was interrupted
                if failure.code not in (USER_EXISTS, UNAUTHORIZED):
                    raise

    async def _make_users(self) -> None:
        async with Client(self.url(ROOT_USER), serverSelectionTimeoutMS=5000) as client:
            for user in (*PROGRAMS, OPERATOR):
                given: dict[str, Any] = {"pwd": self._password(user), "roles": _roles(user)}
                try:
                    await client.admin.command("createUser", user, **given)
                except OperationFailure as failure:
                    if failure.code != USER_EXISTS:
                        raise
                    await client.admin.command("updateUser", user, **given)

    def _spec(self, port: int, *, auth: bool) -> ChildSpec:
        async def answers() -> bool:
            with contextlib.suppress(PyMongoError):
                async with Client(self._bare_url(port), serverSelectionTimeoutMS=500) as client:
                    await client.admin.command("hello")
                    return True
            return False

        return ChildSpec(
            self.name,
            self._flavour.command(port, auth=auth),
            self._layout.log / "mongodb.log",
            answers,
            self._flavour.environment(),
            cwd=self._layout.run,
            start_timeout=60,
            stop_grace=5,
        )

    def _bare_url(self, port: int) -> str:
        return f"mongodb://127.0.0.1:{port}/?directConnection=true&retryWrites=false"

    def _password(self, user: str) -> str:
        return self._secrets.password(f"mongodb-{user}")


def _roles(user: str) -> list[Any]:
    if user == OPERATOR:
        return ["readAnyDatabase"]
    database = f"lontar_{user}"
    return [{"role": "readWrite", "db": database}, {"role": "dbAdmin", "db": database}]
