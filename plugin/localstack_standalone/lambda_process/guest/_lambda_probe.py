"""Whether this machine allows sandboxes: one is made, and thrown away.

As a program it prints JSON: ``{"why": why there can be none, "advice": what would allow it}``, both
empty where there can be one.
"""

import json
import os
import sys
import typing

# Any folder of the machine would do as /tmp: it is covered meanwhile, for the trial alone.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import _lambda_isolation as isolation  # type: ignore[import-not-found]  # noqa: E402 - beside this
import _lambda_kernel as kernel  # type: ignore[import-not-found]  # noqa: E402 - likewise
import _lambda_root as root  # type: ignore[import-not-found]  # noqa: E402 - likewise
import _lambda_sandbox as sandbox  # type: ignore[import-not-found]  # noqa: E402 - likewise

# The user that the trial is, where we are root; nobody's otherwise.
TRIAL_UID = 1_699_999_999
DONE = b"."
SILENT = "a trial of it ended without a word"
# As the argument of a program that was started again in the root.
INSIDE = "inside"
# What distributions forbid namespaces with: its file, whether it must be 0, what allows it.
SYSTEM_SETTINGS = (
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        0,
        (
            "AppArmor forbids it (Ubuntu):"
            " `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0` allows it to every"
            " program until the next start of the machine"
        ),
    ),
    (
        "kernel/unprivileged_userns_clone",
        1,
        "`sudo sysctl kernel.unprivileged_userns_clone=1` allows it until the next start",
    ),
    (
        "user/max_user_namespaces",
        1,
        "`sudo sysctl user.max_user_namespaces=15000` allows it until the next start",
    ),
)
IN_CONTAINER = ("/.dockerenv", "/run/.containerenv")
CONFINED_BY = "/proc/self/attr/current"
CONTAINER_ADVICE = (
    "the container's seccomp profile forbids it: start it with the one that this project brings"
    " (docker run --security-opt seccomp=targets/docker/seccomp.json"
    " --security-opt systempaths=unconfined)"
)


def refusal() -> str:
    """Why there can be no sandbox here; "" where there can."""
    if not kernel.LINUX:
        return f"{sys.platform} has no namespaces"
    told, tells = os.pipe()
    child = os.fork()
    if child == 0:
        os.set_inheritable(tells, True)  # noqa: FBT003 - its signature
        _attempt(_as_zygote, tells)
    os.close(tells)
    with os.fdopen(told, "rb") as said:
        answer = said.read()
    os.waitpid(child, 0)
    return "" if answer == DONE else answer.decode() or SILENT


def _as_zygote(tells: int) -> None:
    sandbox.become_zygote(os.path.join(HERE, os.path.basename(__file__)), [INSIDE, str(tells)])


def _in_root(tells: int) -> None:
    zygote = sandbox.Maker()
    child = zygote.fork()
    if child == 0:
        _attempt(_as_environment, tells, zygote)
    os.waitpid(child, 0)


def _as_environment(tells: int, zygote: sandbox.Maker) -> None:
    mounts = isolation.Mounts(possible=True, at=root.HOST)
    tmp = HERE[len(root.HOST) :]
    if not mounts.limit(tmp, 1, TRIAL_UID if zygote.is_root else os.geteuid()):
        raise OSError("no temporary folder of limited size")
    spec = {"mounts": [], "path": [], "command": [], "tmp": tmp, "bytecode": "", "uid": TRIAL_UID}
    sandbox.enter(spec, zygote)
    os.write(tells, DONE)


def _attempt(do: typing.Callable[..., None], tells: int, *arguments: object) -> typing.NoReturn:
    try:
        do(tells, *arguments)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
        os.write(tells, str(error).encode())
    os._exit(0)


def advice() -> str:
    """What would most likely allow it: the setting of this system that forbids it."""
    if not kernel.LINUX:
        return ""
    for name, wanted, change in SYSTEM_SETTINGS:
        try:
            with open("/proc/sys/" + name, encoding="ascii") as file:
                found = int(file.read())
        except (OSError, ValueError):
            continue  # this kernel has no such setting
        if (found == 0) != (wanted == 0):
            return change
    if any(os.path.exists(mark) for mark in IN_CONTAINER):
        return CONTAINER_ADVICE + _and_apparmor()
    return ""


def _and_apparmor() -> str:
    """What to say of the AppArmor profile that is in force; Docker's own refuses every mount."""
    try:
        with open(CONFINED_BY, encoding="ascii") as file:
            profile, _, mode = file.read().strip("\0\n").partition(" ")
    except OSError:
        return ""
    if mode != "(enforce)":
        return ""
    return (
        f"; AppArmor's {profile} may forbid it as well:"
        " --security-opt apparmor=unconfined does without it"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == [INSIDE]:
        _attempt(_in_root, int(sys.argv[2]))
    found = refusal()
    print(json.dumps({"why": found, "advice": advice() if found else ""}))
