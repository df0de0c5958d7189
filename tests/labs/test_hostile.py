"""What a submission tries for marks that it has not earned, on the grader, or on other marks."""

from __future__ import annotations

import os
import subprocess
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import psutil
import pytest

from grading import batch, leftovers, runner
from grading.criteria import Checks, Criterion, Lab, same
from grading.emulators import Emulators
from grading.marks import Grade, Met
from grading.submission import SubmissionError
from testbed.errors import TestbedError
from tests.labs.conftest import SOLUTIONS

if TYPE_CHECKING:
    from grading.attempt import GradedAttempt

NAME = "handed-in"
MARKER = "LEFT_BY_A_SUBMISSION"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="functions are other users for root alone")


def deployed(attempt: GradedAttempt) -> str:
    return attempt.function(NAME, "function/", role=attempt.role("lambda"), Timeout=20)


def answers(attempt: GradedAttempt) -> str:
    attempt.once(deployed)
    return same("the answer", 42, attempt.invoked(NAME, {}))


class GradeCode(Protocol):
    """Grades a submission whose function has *code*."""

    def __call__(self, code: str, limit_s: float = 40) -> Grade: ...


LAB = Lab(
    number=99,
    folder=Path("99-hostile"),
    checks=Checks(
        title="Answers",
        minutes=1,
        files=("function/",),
        criteria=(Criterion("answers", "It answers 42", 5, "42", "Forty-two.", answers),),
    ),
)


def handed_in(folder: Path, code: str) -> Path:
    (folder / "function").mkdir(parents=True)
    (folder / "function" / "app.py").write_text(textwrap.dedent(code), encoding="utf-8")
    return folder


@pytest.fixture
def graded(graders: Emulators, tmp_path: Path) -> GradeCode:
    def grade(code: str, limit_s: float = 40) -> Grade:
        return runner.grade(LAB, handed_in(tmp_path / "one", code), graders, limit_s=limit_s)

    return grade


HONEST = """
    def handler(event, context):
        return 42
"""


def test_an_honest_one_gets_its_points(graded: GradeCode) -> None:
    """Or the others here would prove nothing."""
    assert (5, ()) == ((given := graded(HONEST)).points, given.notes)


def test_marks_that_are_printed_or_returned_are_none(graded: GradeCode) -> None:
    """Not as JSON of ours, not as Gradescope's, not on either stream."""
    given = graded("""
        import json, sys
        FAKE = {"score": 100, "points": 5, "criteria": [{"id": "answers", "points": 5}]}
        def handler(event, context):
            print(json.dumps(FAKE))
            print(json.dumps(FAKE), file=sys.stderr)
            return FAKE
    """)
    assert (0, Met.NO) == (given.points, given.marks[0].met)


@as_root
def test_the_report_cannot_be_written(graded: GradeCode, tmp_path: Path) -> None:
    """Nor anything else of the grader's."""
    report = tmp_path / "results.json"
    report.write_text("ours")
    given = graded(f"""
        def handler(event, context):
            open({str(report)!r}, "w").write("100 points")
            return 42
    """)
    assert (0, "ours") == (given.points, report.read_text())


@as_root
def test_what_is_hidden_cannot_be_read(graded: GradeCode) -> None:
    """Solutions and hidden tests are not where they are for the grader."""
    assert any(SOLUTIONS.iterdir())
    given = graded(f"""
        import os
        def handler(event, context):
            try:
                return 42 if os.listdir({str(SOLUTIONS)!r}) else "nothing is in it"
            except PermissionError as error:
                return str(error)
    """)
    assert given.points == 0, given.marks[0].seen


@as_root
def test_what_it_writes_to_everybodys_folders_is_gone(
    graded: GradeCode, graders: Emulators, tmp_path: Path
) -> None:
    """No disk is filled from one submission to the next, and none finds what another left."""
    name = f"left-by-a-submission-{os.getpid()}"
    places = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - as a function may write there
    given = graded(f"""
        import os
        def handler(event, context):
            for place in {places}:
                try:
                    with open(os.path.join(place, {name!r}), "wb") as file:
                        file.write(bytes(1000))
                except OSError:  # a sandbox has its own /tmp, and nothing else to write to
                    if place == "/tmp":
                        raise
            return 42
    """)
    assert given.points == 5, given.marks[0].seen
    assert [] == [place for place in places if (Path(place) / name).exists()]
    after = handed_in(
        tmp_path / "next",
        f"""
        import os
        def handler(event, context):
            found = [each for each in {places} if os.path.exists(os.path.join(each, {name!r}))]
            return found or 42
        """,
    )
    assert runner.grade(LAB, after, graders).points == 5


@as_root
def test_nobody_outside_can_be_killed(graded: GradeCode) -> None:
    """Its parent, the emulator, the grader: they are another user's."""
    given = graded(f"""
        import os, signal
        def handler(event, context):
            for pid in (os.getppid(), {os.getpid()}, -1):
                try:
                    os.kill(pid, signal.SIGKILL)
                except PermissionError:
                    continue
            return 42
    """)
    assert given.points in (0, 5)  # what it may kill is itself
    assert psutil.pid_exists(os.getpid())


def test_an_emulator_that_is_ended_costs_the_submission_alone(
    graded: GradeCode,
    graders: Emulators,
    tmp_path: Path,
) -> None:
    """The next one has an emulator of its own."""
    given = graded("""
        import os, urllib.request
        def handler(event, context):
            request = urllib.request.Request(
                os.environ["AWS_ENDPOINT_URL"] + "/_localstack/health",
                b'{"action": "kill"}', {"Content-Type": "application/json"})
            urllib.request.urlopen(request)
            import time
            time.sleep(5)
    """)
    assert given.points == 0
    after = runner.grade(LAB, handed_in(tmp_path / "next", HONEST), graders)
    assert after.points == 5


def test_who_changes_what_is_graded_has_no_points(graded: GradeCode) -> None:
    """The emulator's API can be called from a function, with an administrator's key."""
    given = graded("""
        import os, boto3
        def handler(event, context):
            boto3.client("lambda", aws_access_key_id="test", aws_secret_access_key="test",
                aws_session_token=None).update_function_configuration(
                FunctionName=os.environ["AWS_LAMBDA_FUNCTION_NAME"], Description="better")
            return 42
    """)
    assert (0, ("the function",)) == (given.points, given.altered)
    assert "no points" in given.notes[0]


def test_one_that_never_ends_costs_its_own_time(graded: GradeCode) -> None:
    """Its deadline, and what it takes to stop an emulator."""
    started = time.monotonic()
    given = graded(
        """
        def handler(event, context):
            while True:
                pass
    """,
        limit_s=4,
    )
    assert (0, Met.LATE) == (given.points, given.marks[0].met)
    assert time.monotonic() - started < 20


def test_nothing_it_started_goes_on(graded: GradeCode) -> None:
    """Not what left its parent, its group and its session."""
    given = graded(f"""
        import os, time
        def handler(event, context):
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.closerange(0, 100)
                    path = os.environ["PATH"]
                    os.execvpe("sleep", ["sleep", "300"], {{"{MARKER}": "1", "PATH": path}})
                os._exit(0)
            time.sleep(0.5)
            return 42
    """)
    assert given.points == 5, given.marks[0].seen
    left = [
        each for each in psutil.process_iter(["environ"]) if MARKER in (each.info["environ"] or {})
    ]
    assert left == []


def test_checks_that_are_handed_in_are_not_run(graders: Emulators, tmp_path: Path) -> None:
    """Nor any other Python of it, in this process."""
    proof = tmp_path / "proof"
    folder = handed_in(tmp_path / "one", HONEST)
    for name in ("checks.py", "conftest.py", "sitecustomize.py", "grading.py"):
        (folder / name).write_text(f"open({str(proof)!r}, 'w')")
    assert runner.grade(LAB, folder, graders).points == 5
    assert not proof.exists()


@pytest.mark.parametrize("trap", ["link", "folder-link", "pipe"])
def test_a_trap_for_the_reader_is_refused(trap: str, graders: Emulators, tmp_path: Path) -> None:
    """A link to the teacher's files would bring them into the student's function."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "app.py").write_text(textwrap.dedent(HONEST))
    folder = tmp_path / "one"
    (folder / "function").mkdir(parents=True)
    if trap == "link":
        (folder / "function" / "app.py").symlink_to(secret / "app.py")
    elif trap == "folder-link":
        (folder / "function").rmdir()
        (folder / "function").symlink_to(secret)
    else:
        os.mkfifo(folder / "function" / "app.py")
    given = runner.grade(LAB, folder, graders)
    assert given.points == 0
    assert given.problems


def test_many_in_a_row_cost_each_its_own(graders: Emulators, tmp_path: Path) -> None:
    """A hung one, a hostile one and a broken one between honest ones."""
    hung = "def handler(event, context):\n    while True: pass\n"
    for name, code in {
        "a-honest": HONEST,
        "b-hung": hung,
        "c-broken": "def",
        "d-honest": HONEST,
    }.items():
        handed_in(tmp_path / name, code)
    (tmp_path / "e-empty").mkdir()
    grades = batch.grade_all(LAB, batch.submissions(tmp_path), graders, limit_s=6)
    assert [5, 0, 0, 5, 0] == [each.points for each in grades]
    table = batch.as_csv(LAB, grades).splitlines()
    assert table[0] == "submission,points,of,seconds,answers,notes"
    rows = [line.split(",") for line in table[1:]]
    assert [["a-honest", "5", "5"], ["b-hung", "0", "5"]] == [row[:3] for row in rows[:2]]


def test_a_folder_that_is_none_is_told(graders: Emulators, tmp_path: Path) -> None:
    """What, where, what next."""
    (tmp_path / "file").write_text("")
    for name, words in {"file": "is a file", "nothing": "is not there"}.items():
        with pytest.raises(SubmissionError, match=words):
            runner.grade(LAB, tmp_path / name, graders)


def test_who_cannot_be_ended_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that come faster than they are killed: the grader says which, and goes on."""
    known = leftovers.children()
    monkeypatch.setattr(leftovers, "END_WITHIN_S", -1.0)
    with subprocess.Popen(["sleep", "600"]) as left:
        with pytest.raises(TestbedError, match=rf"left go on after .*: {left.pid}; end them with"):
            leftovers.end(known)
        left.kill()
