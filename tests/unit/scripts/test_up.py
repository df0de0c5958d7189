from __future__ import annotations

import pytest

from localstack_standalone.launcher.record import Record
from scripts import provision, up
from targets import kept_state
from targets.base import Running
from targets.kept_state import KeptReport, UnreadState
from testbed import outputs as files
from testbed import settings
from testbed.outputs import Outputs

RECORD = Record("embedded", 4701, {"pid": 1, "created": 0.0})


@pytest.mark.parametrize("now", [True, False])
def test_what_was_not_read_is_told_when_it_happens(
    outputs: Outputs,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    now: bool,
) -> None:
    """What, where it is now, and what to do."""
    unread = UnreadState("/x/kept/[aside]", "the state is [damaged]", now=now)
    report = KeptReport("/x", "", 0, {}, (unread,))
    monkeypatch.setattr(kept_state, "fetch", lambda _endpoint: report)
    monkeypatch.setattr(provision, "provision_running", lambda _up, _wanted: outputs)
    monkeypatch.setattr(files, "write", lambda _folder, _made: None)
    up.fill(Running("embedded", RECORD.endpoint, RECORD), settings.Settings())
    said = capsys.readouterr().err
    for words in ("the state is [damaged]", "/x/kept/[aside]", "make load"):
        assert (words in said) is now
