"""What every target does, whoever it is: the words of `targets.base.Target`, put to the test."""

from __future__ import annotations

import dataclasses
from itertools import islice

from targets import choose, state
from testbed.settings import Settings


def holds(wanted: Settings) -> None:
    """Bring *wanted*'s target through a life in its state folder, which is new."""
    target = choose.TARGETS[wanted.target]
    started = choose.start(wanted)
    assert wanted.target == started.target
    assert started.endpoint == started.aws.endpoint
    assert started == choose.running(dataclasses.replace(wanted))
    if started.record is None:  # AWS: nothing is up in the folder, and nothing is stopped
        assert choose.find(wanted.state_dir) is None
        assert not choose.down(wanted.state_dir)
        return
    assert started == target.status(started.record)
    with state.held(wanted.state_dir):
        assert started == target.start(wanted, started.record)
    told = list(islice(target.log(wanted.state_dir, started.record, 5, follow=False), 5))
    assert "Ready." in "".join(told)
    assert {"log"} < set(target.facts(wanted.state_dir, started.record))
    assert choose.down(wanted.state_dir)
    assert target.status(started.record) is None
    assert not choose.down(wanted.state_dir)
    assert "Ready." in "".join(choose.log(wanted.state_dir))
