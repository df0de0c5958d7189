"""Make the environments of this checkout: emulator, tools, and lambda-runtime, one a Python.

Functions run under the Python of their `python3.x` identifier: `lambda-runtime` is the pipeline's
own, `lambda-runtime-python3.x` is made for each other Python that this machine has already.

Runs under whatever Python 3 the machine has (3.8 or newer), before anything is installed, so it
uses the standard library alone. Each environment is made by uv from a hashed lock file and
stamped when it is whole: a missing or differing stamp means "make it again", which is also what
happens after an interrupted install.
"""

import argparse
import contextlib
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
ENVS = ROOT / ".envs"
PYTHON_VERSION = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
UV_MINIMUM = (0, 8)
NO_ANSWER = 127  # as a shell has it
ENVIRONMENTS = {
    "emulator": "LocalStack 4.14.0 and our plugin",
    "lambda-runtime": "what AWS's Python runtime holds",
    "tools": "boto3, pytest and friends",
}
# Made only when asked for by name.
ON_DEMAND = {
    "bench": "what draws, for `make bench`",
    "debug": "debugpy, for `make debug`",
    "deploy": "SAM and a Node, for `make test-deploy`",
    "golang": "Go's compiler, for tests",
    "lambda-runtime-3": "an older runtime client, for tests",
    "localemu": "LocalEmu and our plugin, for ENGINE=localemu",
    "ministack": "a peer, for `make bench` and `make engines`",
    "moto": "a peer, for `make engines`",
    "nodejs20": "Node.js 20, for tests",
    "nodejs22": "Node.js 22, for tests",
    "nodejs24": "Node.js 24, for tests",
}
WITH_PLUGIN = ("emulator", "localemu")
# What AWS calls a runtime, by the Python's minor version; its client needs 3.9.
RUNTIME_MINORS = range(9, 15)
RUNTIME_PREFIX = "lambda-runtime-python"
# What functions run under is the plugin's to say: whoever installs it alone makes the same.
RUNTIME_LOCKS = ROOT / "plugin" / "localstack_standalone" / "requirements"


sys.path.insert(0, str(ROOT))
from testbed import bundled, setting_table  # noqa: E402 - there before anything is installed


class BootstrapError(Exception):
    """Something on this machine is missing; the message says what to do."""


def main(argv):
    """Make what is missing or stale; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("environments", nargs="*")
    if refuse_strays():
        return 2
    names = parser.parse_args(argv).environments or usual()
    try:
        for name in names:
            if not is_current(name):
                with exclusive():
                    if not is_current(name):  # another make may have made it while we waited
                        refuse_misfit()
                        (make_runtime if name.startswith(RUNTIME_PREFIX) else make)(name, find_uv())
    except BootstrapError as error:
        print("error: %s" % error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted; run the same command again to go on", file=sys.stderr)
        return 130
    return 0


def usual():
    """What every command needs, and the engine that is set beside the usual one."""
    engine = [name for name in WITH_PLUGIN if name == os.environ.get("ENGINE")]
    return sorted(ENVIRONMENTS) + engine + other_runtimes()


def is_current(name):
    """Whether environment *name* is whole and was made from today's lock."""
    try:
        return (ENVS / name / "stamp").read_text(encoding="utf-8") == fingerprint(name)
    except OSError:
        return False


def fingerprint(name):
    """What environment *name* depends on: its lock, this script, the place of the checkout."""
    digest = hashlib.sha256()
    sources = [*locks_of(name), pathlib.Path(__file__)]
    if name in WITH_PLUGIN:
        sources.append(ROOT / "plugin" / "pyproject.toml")
    for source in sources:
        digest.update(source.read_bytes())
    pythons = interpreters(name[len(RUNTIME_PREFIX) :]) if name.startswith(RUNTIME_PREFIX) else []
    digest.update(repr((str(ROOT), PYTHON_VERSION, pythons)).encode())
    return digest.hexdigest()


def locks_of(name):
    """The locks of environment *name*: the benchmark has what draws beside all the tools."""
    return [lock_of("tools"), lock_of(name)] if name == "bench" else [lock_of(name)]


def lock_of(name):
    """The lock of environment *name*; other runtimes hold what the pipeline's does."""
    own = RUNTIME_LOCKS / (name + ".lock")
    if own.exists():
        return own
    if name.startswith(RUNTIME_PREFIX):
        return RUNTIME_LOCKS / "lambda-runtime.lock"
    return ROOT / "requirements" / (name + ".lock")


def make(name, uv):
    """Build environment *name* anew from its lock and stamp it last."""
    home = ENVS / name
    (home / "stamp").unlink() if (home / "stamp").exists() else None
    python = home / "bin" / "python"
    with step("%s (%s)" % (name, dict(ENVIRONMENTS, **ON_DEMAND)[name])):
        bundle = bundled.find()
        made = venv(uv, (bundle and bundle.python) or PYTHON_VERSION, home)
        if made.returncode:
            raise BootstrapError(no_python(made.stderr))
        locks = [word for lock in locks_of(name) for word in bundled.requirements(lock)]
        # Bytecode now: the first start would otherwise compile it, and never keep it where
        # PYTHONDONTWRITEBYTECODE is set.
        install(uv, python, "--require-hashes", "--compile-bytecode", *locks)
        if name in WITH_PLUGIN:
            install(uv, python, "--no-deps", "--no-build-isolation", "--editable", ROOT / "plugin")
        # The plugin's launcher is what our commands start emulators with.
        if name in ("tools", "bench"):
            packages = home / "lib" / ("python" + PYTHON_VERSION) / "site-packages"
            (packages / "plugin.pth").write_text("%s\n" % (ROOT / "plugin"), encoding="utf-8")
    (home / "stamp").write_text(fingerprint(name), encoding="utf-8")


def venv(uv, python, home):
    """Make an empty environment in *home*; *python* is a version or a path."""
    return run(uv, "venv", "--quiet", "--clear", "--no-project", "--python", python, home)


def other_runtimes():
    """Names of the environments for the Pythons beside our own that this machine has."""
    versions = ["3.%d" % minor for minor in RUNTIME_MINORS]
    others = [version for version in versions if version != PYTHON_VERSION]
    return [RUNTIME_PREFIX + version for version in others if interpreters(version)]


def interpreters(version):
    """Where this machine may have Python *version*: PATH, pyenv's and uv's own folders.

    Only looked for, not run: pyenv's shims stand for versions that are not there.
    """
    name = "python" + version
    home = pathlib.Path.home()
    pyenv = pathlib.Path(os.environ.get("PYENV_ROOT") or home / ".pyenv")
    data = pathlib.Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    uv = pathlib.Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")
    on_path = [pathlib.Path(part) / name for part in os.get_exec_path() if os.path.isabs(part)]
    kept = [
        *sorted((pyenv / "versions").glob(version + ".*/bin/" + name)),
        *sorted(uv.glob("cpython-" + version + ".*/bin/" + name)),
    ]
    found = [path for path in on_path if pyenv / "shims" not in path.parents] + kept
    # An environment of ours, or the user's activated one, is not an installed Python.
    usable = [p for p in found if os.access(str(p), os.X_OK) and ENVS not in p.parents]
    return list(dict.fromkeys(str(path.resolve()) for path in usable))


def make_runtime(name, uv):
    """Build a Lambda runtime's environment with a Python that was found; without it we can do.

    What went wrong is kept as its stamp's neighbour `unusable`, and not tried at each command.
    """
    home = ENVS / name
    failed = "no interpreter worked"
    with step("%s (for functions that ask for it)" % name):
        for python in interpreters(name[len(RUNTIME_PREFIX) :]):
            made = venv(uv, python, home)
            failed = made.stderr
            if not made.returncode:
                try:
                    lock = bundled.requirements(lock_of(name))
                    install(uv, home / "bin" / "python", "--require-hashes", *lock)
                    failed = ""
                    break
                except BootstrapError as error:
                    failed = str(error)
    home.mkdir(parents=True, exist_ok=True)
    if failed:
        (home / "unusable").write_text(failed, encoding="utf-8")
        print("    not usable, so functions cannot ask for it:\n%s" % tail(failed))
    (home / "stamp").write_text(fingerprint(name), encoding="utf-8")


def install(uv, python, *arguments):
    """Install into the environment of *python* or raise with uv's own last words."""
    done = run(uv, "pip", "install", "--quiet", "--python", python, *arguments)
    if done.returncode:
        raise BootstrapError(
            "the packages could not be installed (no network?):\n%s\n"
            "Run the same command again; nothing half-made is used." % tail(done.stderr)
        )


def find_uv():
    """The path of a recent enough uv: the machine's own, else one of ours in .envs/uv."""
    found = shutil.which("uv")
    if found and uv_version(found) >= UV_MINIMUM:
        return found
    ours = ENVS / "uv" / "bin" / "uv"
    if not ours.exists():
        with step("uv (the installer, from its hashed lock)"):
            install_uv(ENVS / "uv")
    return str(ours)


def install_uv(home):
    """Install uv into *home* with pip alone; works where Debian has no ensurepip."""
    lock = ROOT / "requirements" / "bootstrap.lock"
    bundle = bundled.find()
    if bundle and bundle.lock(lock):
        unpack_uv(bundle, home)
        return
    common = ["--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(lock)]
    shutil.rmtree(str(home), ignore_errors=True)
    if not run(sys.executable, "-m", "pip", "--version").returncode:
        done = run(sys.executable, "-m", "pip", "install", "--target", home, *common)
    else:
        done = run(sys.executable, "-m", "venv", home)
        if not done.returncode:
            done = run(home / "bin" / "python", "-m", "pip", "install", *common)
    if done.returncode:
        shutil.rmtree(str(home), ignore_errors=True)
        raise BootstrapError(
            "uv could not be installed with %s:\n%s\nInstall uv yourself (its documentation has "
            "one line for each system), or Python's pip or venv module "
            "(Debian, Ubuntu: apt install python3-venv), and run the same command again."
            % (sys.executable, tail(done.stderr))
        )


def unpack_uv(bundle, home):
    """Take the program out of its wheel: no pip is needed, which Debian may not have."""
    wheel = next(bundle.wheels.glob("uv-*.whl"))
    if bundled.digest(wheel) not in (ROOT / "requirements" / "bootstrap.lock").read_text():
        raise BootstrapError("%s is damaged; unpack the bundle again" % wheel)
    program = home / "bin" / "uv"
    program.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(str(wheel)) as archive:
        inside = next(name for name in archive.namelist() if name.endswith(".data/scripts/uv"))
        program.write_bytes(archive.read(inside))
    program.chmod(0o755)


def refuse_misfit():
    """Say it before anything is made that this machine is not one that the bundle is for."""
    bundle = bundled.find()
    why = bundle and bundled.misfit(bundle)
    if why:
        raise BootstrapError(why)


def uv_version(uv):
    """The version of *uv* as numbers, (0,) where it does not answer."""
    numbers = re.findall(r"\d+", run(uv, "--version").stdout or "")
    return tuple(int(number) for number in numbers[:3]) or (0,)


def run(*command, timeout_s=None):
    """Run *command* from the checkout, where .python-version is, and keep what it prints.

    One that cannot be run, or takes too long, ends with NO_ANSWER and says why.
    """
    environment = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONHOME")}
    if bundled.find():  # it is for where nothing can be fetched
        environment["UV_PYTHON_DOWNLOADS"] = "never"
    try:
        return subprocess.run(
            [str(part) for part in command],
            cwd=str(ROOT),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            timeout=timeout_s,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, NO_ANSWER, "", str(error))


def refuse_strays():
    """Say which settings are none, and what was meant; whether there are any."""
    dotenv = ROOT / ".env"
    strays = setting_table.misplaced(os.environ)
    if dotenv.exists():
        text = dotenv.read_text(encoding="utf-8")
        known = setting_table.read_dotenv(text)
        strays += setting_table.dotenv_faults(text)
        for name, text in known.items():
            os.environ[name] = os.environ.get(name) or text
    for words in strays:
        print("error: " + words, file=sys.stderr)
    return bool(strays)


def no_python(why):
    """Say how to get the Python that the emulator needs."""
    if bundled.find():
        return (
            "no usable Python {0} is on this machine, and none in the bundle:\n{1}\n"
            "Install Python {0} here; or have the bundle made where `uv python install {0}` was "
            "run: it then has that Python in it."
        ).format(PYTHON_VERSION, tail(why))
    return (
        "no usable Python {0} was found and uv could not fetch one:\n{1}\n"
        "Install Python {0} (python.org, `brew install python@{0}`, `apt install python{0}-venv`, "
        "`pyenv install {0}`) and run the same command again."
    ).format(PYTHON_VERSION, tail(why))


def tail(text, lines=6):
    """The last *lines* of *text*, indented."""
    return "\n".join("    " + line for line in text.strip().splitlines()[-lines:])


@contextlib.contextmanager
def step(what):
    """Say what is being made, and how long it took."""
    print("  making %s … " % what, end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print("%.1f s" % (time.monotonic() - started), flush=True)


@contextlib.contextmanager
def exclusive():
    """Let one process at a time make environments of this checkout."""
    import fcntl  # noqa: PLC0415 - no other system has it, and doctor.py is to say so there

    ENVS.mkdir(exist_ok=True)
    with open(str(ENVS / "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
