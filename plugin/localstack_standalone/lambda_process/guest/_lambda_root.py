"""What a function sees of the machine: a root of its own at AWS's paths, read-only.

The zygote builds it once and lives in it, with the machine's own root at `HOST`. An environment is
a copy of that view, without `HOST`, and with its code, its layers and its /tmp in their places.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html, and the files
of AWS's base images (https://gallery.ecr.aws/lambda/python).
"""

import importlib.util
import os
import sys

import _lambda_kernel as kernel  # type: ignore[import-not-found]  # beside this file

# The machine's root as the zygote sees it; for an environment an empty folder, as on AWS.
HOST = "/mnt"
TASK, OPT, RUNTIME, LANG = "/var/task", "/opt", "/var/runtime", "/var/lang"
# An empty folder, in the place of what is not to be seen.
NOTHING = "/srv"
# AWS's (an environment's LD_LIBRARY_PATH). The loader reads it when a program starts, and
# remembers which of these folders there were: so all are there.
LIBRARY_PATH = (
    "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib"
)

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix", "/gnu")
DEVICES = ("null", "zero", "full", "random", "urandom")
STREAMS = {"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"}
FOLDERS = (
    *("dev", "home", "media", "mnt", "opt/lib", "proc", "root", "run", "srv", "sys", "tmp"),
    *("var/lang", "var/runtime", "var/task/lib", "var/debugger", "var/tmp"),
)
# What programs need of /etc: libraries, names of hosts, certificates, types, fonts; no secrets.
CONFIGURATION = (
    *("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "timezone"),
    *("resolv.conf", "hosts", "host.conf", "nsswitch.conf", "gai.conf", "protocols", "services"),
    *("ssl/certs", "ssl/openssl.cnf", "ca-certificates", "pki/tls", "pki/ca-trust"),
    *("crypto-policies", "os-release", "mime.types", "fonts", "locale.conf"),
)
# The user that functions are on AWS.
UID, GID, USER = 993, 990, "sbx_user1051"
ACCOUNTS = {
    "passwd": (
        "root:x:0:0:root:/root:/bin/bash\n"
        f"{USER}:x:{UID}:{GID}::/home/{USER}:/sbin/nologin\n"
        "nobody:x:65534:65534:nobody:/:/sbin/nologin\n"
    ),
    "group": f"root:x:0:\n{USER}:x:{GID}:\nnobody:x:65534:\n",
}


def build(place: str) -> str:
    """Mount it at the folder *place*, which is covered; give the interpreter's path in it.

    The runtime client's folder can be written to until `close` is called: bytecode may be missing.

    Raises:
        OSError: the kernel does not allow a mount.
    """
    kernel.mount("lambda", place, "tmpfs", kernel.MS_NOSUID, "mode=0755")
    for name in FOLDERS:
        os.makedirs(os.path.join(place, name), exist_ok=True)
    for path in SYSTEM:
        _show(path, place)
    for name in CONFIGURATION:
        _show("/etc/" + name, place)
    for name, text in ACCOUNTS.items():
        with open(os.path.join(place, "etc", name), "w", encoding="ascii") as file:
            file.write(text)
    for name in DEVICES:
        _show("/dev/" + name, place)
    for name, path in STREAMS.items():
        os.symlink("/proc/self/fd" + path, os.path.join(place, "dev", name))
    client = _client()
    python = _interpreter(place)
    kernel.read_only(place)
    if client:
        kernel.bind(client, place + RUNTIME)
    return python


def close() -> None:
    """Let nothing be written beside the runtime client any more, once it has been imported."""
    kernel.read_only(RUNTIME)


def _show(path: str, place: str) -> None:
    """Have the machine's *path* in the root at *place*: the same link, or what is there."""
    target = place + path
    if os.path.islink(path) and path.count("/") == 1:
        os.symlink(os.readlink(path), target)
    elif os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
        kernel.bind(path, target)
    elif os.path.exists(path):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="ascii"):
            pass
        kernel.bind(os.path.realpath(path), target)


def _client() -> str:
    """The folder that holds AWS's runtime client, and boto3; "" where there is none."""
    found = importlib.util.find_spec("awslambdaric")
    return os.path.dirname(os.path.dirname(found.origin)) if found and found.origin else ""


def _interpreter(place: str) -> str:
    """Have our Python at /var/lang; its path there.

    The system's own does not run elsewhere than below /usr, where it is seen anyway: there are
    links to it. Packages that lie beside an interpreter are hidden: a function is to bring its own.
    """
    prefix, version = sys.base_prefix, "python{}.{}".format(*sys.version_info)
    program = os.path.realpath(sys.executable)
    if prefix in ("/", "/usr"):
        os.makedirs(place + LANG + "/bin")
        for name in (version, "python3", "python"):
            os.symlink(program, place + LANG + "/bin/" + name)
        beside: tuple[str, ...] = (
            *("/usr/lib/python3/dist-packages", f"/usr/local/lib/{version}/dist-packages"),
            *(f"/usr/lib/{version}/site-packages", f"/usr/lib64/{version}/site-packages"),
            *(
                f"/usr/local/lib/{version}/site-packages",
                f"/usr/local/lib64/{version}/site-packages",
            ),
        )
    else:
        kernel.bind(prefix, place + LANG)
        beside = (f"{LANG}/lib/{version}/site-packages", f"{LANG}/lib64/{version}/site-packages")
    for folder in beside:
        if os.path.isdir(place + folder):
            kernel.bind(place + NOTHING, place + folder)
    named = f"{LANG}/bin/{version}"
    return named if os.path.exists(place + named) else f"{LANG}/bin/{os.path.basename(program)}"
