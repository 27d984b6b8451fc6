"""RabbitMQ for the embedded stack. Invariant: a broker that is there already, or elsewhere, is left as it is."""

import os
import re
from pathlib import Path

from deploy.setup import debian
from deploy.setup.journal import ROOT, SetupFailed, say

UNPACKED = ROOT / "var" / "rabbitmq-dist"
SCRIPT = Path("usr/lib/rabbitmq/bin/rabbitmq-server")
ERLANG = Path("usr/lib/erlang")


def ensure() -> bool:
    """Have a RabbitMQ that can be started; whether anything was done."""
    if os.environ.get("LONTAR_AMQP_URL") or os.environ.get("LONTAR_AMQP_URL_FILE"):
        return False
    if any((prefix / SCRIPT).exists() and (prefix / ERLANG).is_dir() for prefix in (Path("/"), UNPACKED)):
        return False
    if not debian.is_available():
        raise SetupFailed(
            "RabbitMQ is missing and this is not Debian: start one yourself and name it in LONTAR_AMQP_URL."
        )
    if os.geteuid() == 0:
        say("installing rabbitmq-server")
        debian.install(["rabbitmq-server"])
    else:
        say("unpacking rabbitmq-server into var/rabbitmq-dist (not root, so nothing is installed)")
        relocate(debian.unpack(["rabbitmq-server"], UNPACKED, ("erlang-", "lib")))
    return True


def relocate(prefix: Path) -> None:
    """Tell Erlang's two start scripts where they are now: Debian wrote its own path into them."""
    erlang = prefix / ERLANG
    for script in (*erlang.glob("bin/*"), *erlang.glob("erts-*/bin/*")):
        if script.name in ("erl", "start") and not script.is_symlink():
            text = script.read_text(encoding="utf-8")
            moved = re.sub(r"=/usr/lib/erlang$", f"={erlang}", text, flags=re.MULTILINE)
            script.write_text(moved, encoding="utf-8")
