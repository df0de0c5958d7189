"""AWS's runtime clients for Node.js: `python -m dev.node_clients` fetches them anew, from npm.

They are kept in the plugin, so that a function for Node.js needs no npm, network or compiler. Which
ones they are stands in `clients.json` beside them, with npm's digest of the package and ours of the
one file of it that is kept. For another version: change its `package` there, and what npm tells as
`dist.integrity` of it.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Final

from testbed import settings, terminal
from testbed.errors import TestbedError

FOLDER: Final = settings.ROOT / "plugin/localstack_standalone/lambda_process/nodejs"
LOCK: Final = FOLDER / "clients.json"
TIMEOUT_S: Final = 120.0


def main() -> None:
    """Fetch each client that the lock names, and write the lock with the digests of what came."""
    clients: dict[str, dict[str, str]] = json.loads(LOCK.read_text(encoding="utf-8"))
    for name, client in clients.items():
        with terminal.step(f"fetching {client['package']}"):
            content = taken(fetched(client["package"]), client["file"], client["integrity"])
        (FOLDER / name).write_bytes(content)
        client["sha256"] = hashlib.sha256(content).hexdigest()
    LOCK.write_text(json.dumps(clients, indent=2) + "\n", encoding="utf-8")


def fetched(package: str) -> bytes:
    """The archive of *package*, from the registry that npm is set up for.

    Raises:
        TestbedError: npm could not have it.
    """
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["npm", "pack", "--silent", package],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        if done.returncode:
            raise TestbedError(f"npm did not fetch {package}:\n{done.stderr}")
        return next(Path(folder).glob("*.tgz")).read_bytes()


def taken(archive: bytes, file: str, integrity: str) -> bytes:
    """The content of *file* in *archive*, whose digest is to be *integrity*, as npm writes it.

    Raises:
        TestbedError: it is another archive than the lock's.
    """
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != integrity:
        raise TestbedError(f"the archive is not the one of the lock: {found}, not {integrity}")
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        member: Any = opened.extractfile(file)
        return bytes(member.read())


if __name__ == "__main__":
    terminal.run(main)
