"""Check what this machine has: `make doctor`, and JSON=1 for machines.

Runs before anything is installed, under any Python 3.8 or newer, with the standard library alone.
Exit code 0: the testbed can run here; 1: something that it needs is missing. Docker is optional.
"""

import json
import os
import pathlib
import platform
import shutil
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import bootstrap  # type: ignore[import-not-found]  # beside this file, on its path

sys.path.append(str(bootstrap.ROOT / "plugin"))

from dev import windows
from localstack_standalone import nodes
from testbed import bundled, setting_table

ROOT = pathlib.Path(__file__).resolve().parent.parent
DISK_NEEDED_MB = 1500  # the environments and a build
MEMORY_NEEDED_MB = 1500  # the emulator and a handful of workers
MB = 1024 * 1024
ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}
SYSTEMS = ("Linux", "Darwin")


def main():
    """Run every check, print them, and give the exit code."""
    if bootstrap.refuse_strays():
        return 2
    checks = [
        ("system", True, check_system),
        ("architecture", True, check_architecture),
        ("packages", True, check_packages),
        ("python", True, check_python),
        ("uv", True, check_uv),
        ("git", True, check_git),
        ("port", True, check_port),
        ("disk", True, check_disk),
        ("memory", True, check_memory),
        ("place", False, check_place),
        ("nodejs", False, check_nodejs),
        ("sandbox", False, check_sandbox),
        ("docker", False, check_docker),
    ]
    rows = []
    for name, required, check in checks:
        good, detail = check()
        status = "ok" if good else "error" if required else "optional"
        rows.append({"check": name, "status": status, "required": required, "detail": detail})
    if setting_table.is_on(os.environ, "JSON") or "--json" in sys.argv[1:]:
        print(json.dumps({"ok": not failed(rows), "checks": rows}, indent=2))
    else:
        for row in rows:
            mark = {"ok": "✓", "error": "✗", "optional": "-"}[row["status"]]
            print("%s %-13s %s" % (mark, row["check"], row["detail"]))
    return 1 if failed(rows) else 0


def failed(rows):
    """Whether something needed is missing."""
    return any(row["status"] == "error" for row in rows)


def check_system():
    """Linux and macOS are known to work."""
    name = platform.system()
    if name in SYSTEMS:
        return True, "%s %s" % (name, platform.release())
    return False, "%s is not supported; on Windows use WSL 2" % name


def check_architecture():
    """The function's zip carries binaries for the machine that it runs on."""
    machine = platform.machine().lower()
    if machine in ARCHITECTURES:
        return True, ARCHITECTURES[machine]
    return False, "%s is neither x86_64 nor arm64" % machine


def check_packages():
    """They come from an index, or with a bundle, which is for one kind of machine."""
    bundle = bundled.find()
    if bundle is None:
        return True, "from the index that uv and pip are set up for"
    why = bundled.misfit(bundle)
    if why:
        return False, why
    if bundle.python or bootstrap.interpreters(bundle.made["python"]):
        return True, "from the bundle of commit %s; no network is needed" % bundle.made["commit"][
            :12
        ]
    return False, "the bundle has no Python %s, nor has this machine" % bundle.made["python"]


def check_python():
    """The emulator needs the version in .python-version; uv can fetch it where there is network."""
    python = ROOT / ".envs" / "emulator" / "bin" / "python"
    if python.exists():
        version = bootstrap.run(python, "--version").stdout.strip()
        return True, "%s in .envs (this is %s)" % (version, platform.python_version())
    found = shutil.which("python" + bootstrap.PYTHON_VERSION)
    if found and not bootstrap.run(found, "--version").returncode:
        return True, "%s (this is %s)" % (found, platform.python_version())
    bundle = bundled.find()
    if bundle:
        return True, "%s (this is %s)" % (bundle.python or "not on PATH", platform.python_version())
    return True, "Python %s is not on PATH; uv fetches it when you run make (needs network)" % (
        bootstrap.PYTHON_VERSION
    )


def check_uv():
    """Uv makes the environments; the checkout gets its own where the machine has none."""
    ours = ROOT / ".envs" / "uv" / "bin" / "uv"
    for path in (shutil.which("uv"), str(ours) if ours.exists() else None):
        if path and bootstrap.uv_version(path) >= bootstrap.UV_MINIMUM:
            return True, path
    if bundled.find():
        return True, "not here yet; make takes it from the bundle"
    for module in ("pip", "venv"):
        if not bootstrap.run(sys.executable, "-c", "import %s" % module).returncode:
            return True, "not here yet; make installs it into the checkout with %s" % module
    return False, "missing, and this Python has neither pip nor venv: apt install python3-venv"


def check_git():
    """Git is how the checkout came here."""
    found = shutil.which("git")
    return (True, found) if found else (False, "missing: install git")


def check_port():
    """Nobody else may listen where the emulator will."""
    port = os.environ.get("PORT") or "4566"
    if port == "auto":
        return True, "auto: any free one"
    if not port.isdigit():
        return False, "PORT=%r is neither a number nor 'auto'" % port
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except (OSError, OverflowError) as error:
            if own_testbed(port):
                return True, "%s is in use by this checkout's own testbed" % port
            return False, "%s is not free (%s); choose another: PORT=auto" % (port, error)
    return True, "%s is free" % port


def own_testbed(port):
    """Whether this state folder says that its emulator listens on *port*."""
    folder = ROOT / os.path.expanduser(os.environ.get("STATE_DIR") or ".testbed")
    for name in ("emulator.json", "compose.json"):  # the embedded and the docker target's
        try:
            record = json.loads((folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if str(record.get("port")) == port:
            return True
    return False


def check_disk():
    """Room for the environments."""
    free = shutil.disk_usage(str(ROOT)).free // MB
    enough = free >= DISK_NEEDED_MB or (ROOT / ".envs" / "tools" / "stamp").exists()
    return enough, "%d MB free (needs %d at first)" % (free, DISK_NEEDED_MB)


def check_memory():
    """Room for the emulator; not every system tells."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MB
    except (ValueError, OSError):
        return True, "unknown (needs %d MB)" % MEMORY_NEEDED_MB
    return total >= MEMORY_NEEDED_MB, "%d MB (needs %d)" % (total, MEMORY_NEEDED_MB)


def check_place():
    """In WSL 2 a checkout belongs into Linux's own files."""
    try:
        kernel = pathlib.Path("/proc/version").read_text()
        mounts = pathlib.Path("/proc/mounts").read_text()
    except OSError:
        return True, str(ROOT)  # macOS has neither
    if windows.is_wsl(kernel) and windows.is_on_windows(str(ROOT), mounts):
        return False, "%s is on a Windows drive, where all is slow: clone below ~ instead" % ROOT
    return True, str(ROOT)


def check_nodejs():
    """Functions may ask for each Node.js that is here; the pipeline needs none."""
    found = nodes.find()
    told = ", ".join("%s: %s" % each for each in found.items())
    return bool(
        found
    ), told or "no Node.js 20, 22 or 24 here, and not needed but by functions for it"


def check_sandbox():
    """Whether functions can be kept from the machine; without it they are ordinary processes."""
    if not sys.platform.startswith("linux"):
        return False, "functions are ordinary processes: Linux alone has namespaces"
    runtime = ROOT / ".envs" / "lambda-runtime" / "bin" / "python"
    python = str(runtime) if runtime.exists() else sys.executable
    guest = ROOT / "plugin" / "localstack_standalone" / "lambda_process" / "guest"
    done = bootstrap.run(python, "-I", guest / "_lambda_probe.py", timeout_s=20)
    try:
        told = json.loads(done.stdout)
    except ValueError:
        return False, "could not be tried: %s" % (done.stderr.strip().splitlines() or ["?"])[-1]
    if not told["why"]:
        return True, "each environment of a function has one"
    why = "; ".join(each for each in (told["why"], told["advice"]) if each)
    return False, "functions are ordinary processes: %s" % why


def check_docker():
    """Docker is not needed; it is said whether it could be used."""
    if not shutil.which("docker"):
        return False, "not here, and not needed"
    done = bootstrap.run("docker", "version", "--format", "{{.Server.Version}}", timeout_s=10)
    if done.returncode == bootstrap.NO_ANSWER:
        return False, "not needed; the engine does not answer (%s)" % done.stderr
    if done.returncode:
        return False, "not needed; there is a client, but no engine answers"
    return True, "engine %s" % done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
