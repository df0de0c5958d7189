"""Grades one submission: its own emulator, all criteria side by side, one deadline for all.

Nothing that was handed in runs here: it is read, and deployed to the emulator, which is another
process. The marks are made here, and told when the emulator and all that ran in it has ended.
"""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError
from requests import RequestException

from grading import policies
from grading.attempt import GradedAttempt
from grading.criteria import Criterion, Lab, NotMetError
from grading.marks import Grade, Mark, Met, in_a_line
from grading.submission import Submission, SubmissionError
from testbed.errors import TestbedError
from testbed.waiting import WaitTimeout

if TYPE_CHECKING:
    from grading.emulators import Emulators

USUAL_LIMIT_S: Final = 60


def grade(
    lab: Lab, folder: Path, emulators: Emulators, *, name: str = "", limit_s: float = USUAL_LIMIT_S
) -> Grade:
    """The grade of what was handed in as *folder*.

    Args:
        lab: for which lab.
        folder: of the submission.
        emulators: where it is graded.
        name: whose it is; the folder's by default.
        limit_s: how long all criteria together may take.

    Raises:
        SubmissionError: *folder* is none.
        EmulatorError: no emulator can be had: nobody's fault but this machine's.
    """
    started = time.monotonic()
    submission = opened(folder)
    problems = submission.problems(lab.checks.files)
    altered: list[str] = []
    if len(problems) == len(lab.checks.files):
        marks = [Mark(each, Met.NO, in_a_line(problems[0])) for each in lab.criteria]
    else:
        with emulators.fresh() as place:
            attempt = GradedAttempt(submission, place.aws, place.outputs, limit_s=limit_s)
            if lab.checks.enforce:
                policies.enforce(attempt.endpoint)
                attempt.watch("whether policies count", lambda: policies.mode(attempt.endpoint))
            marks = _marks(lab, attempt)
            with contextlib.suppress(
                BotoCoreError, RequestException
            ):  # it broke the emulator: its marks say so
                altered = attempt.altered()
    hidden = set(lab.hidden)
    return Grade(
        lab=lab.number,
        title=lab.checks.title,
        name=name or folder.resolve().name,
        marks=tuple(_with(mark, hidden=mark.criterion in hidden) for mark in marks),
        problems=tuple(map(in_a_line, problems)),
        seconds=time.monotonic() - started,
        altered=tuple(altered),
    )


def opened(folder: Path) -> Submission:
    """The submission in *folder*.

    Raises:
        SubmissionError: it is no folder, or nobody may look into it.
    """
    try:
        if not folder.exists():
            raise SubmissionError(f"FOLDER: {str(folder)!r} is not there; name a lab's folder")
        if not folder.is_dir():
            raise SubmissionError(
                f"FOLDER: {str(folder)!r} is a file; name the folder that it is in"
            )
        next(folder.iterdir(), None)
    except OSError as error:
        raise SubmissionError(
            f"FOLDER: {str(folder)!r} cannot be read: {error.strerror or error}"
        ) from error
    return Submission(folder)


def _marks(lab: Lab, attempt: GradedAttempt) -> list[Mark]:
    """A mark for each criterion; those that have none when the time is over are too late."""
    found: dict[str, Mark] = {}
    over = threading.Event()

    def work(criterion: Criterion) -> None:
        mark = judge(criterion, attempt)
        if not over.is_set():
            found[criterion.id] = mark

    # Daemons: one that never ends does not keep the command from ending.
    threads = [
        threading.Thread(target=work, args=(each,), name=f"criterion {each.id}", daemon=True)
        for each in lab.criteria
    ]
    limit_s = attempt.left_s
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(attempt.left_s)
    over.set()
    late = f"no end within {limit_s:.0f} s"
    return [found.get(each.id) or Mark(each, Met.LATE, late, limit_s) for each in lab.criteria]


def judge(criterion: Criterion, attempt: GradedAttempt) -> Mark:
    """What comes of *criterion*."""
    started = time.monotonic()
    try:
        met, seen = Met.YES, criterion.probe(attempt)
    except (NotMetError, SubmissionError, WaitTimeout) as error:
        met, seen = Met.NO, str(error)
    except ClientError as error:
        met, seen = Met.NO, f"AWS answered: {error}"
    except (BotoCoreError, RequestException) as error:
        met, seen = Met.NO, f"the emulator gave no answer: {type(error).__name__}"
    except TestbedError as error:
        met, seen = Met.UNCLEAR, str(error)
    except Exception as error:  # noqa: BLE001 - a submission's answers may be of any form
        met, seen = Met.UNCLEAR, f"{type(error).__name__}: {error}"
    return Mark(criterion, met, in_a_line(seen), time.monotonic() - started)


def _with(mark: Mark, *, hidden: bool) -> Mark:
    return Mark(mark.criterion, mark.met, mark.seen, mark.seconds, hidden)
