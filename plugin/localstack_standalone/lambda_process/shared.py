"""What the execution environments of one emulator share."""

from __future__ import annotations

import atexit
import itertools
import os
import sys
from typing import Final

from localstack_standalone.faults.rules import FaultRules
from localstack_standalone.lambda_process.deployment.roots import RootsByVersion
from localstack_standalone.lambda_process.engine import log_delivery, metrics
from localstack_standalone.lambda_process.engine.batches import Batches
from localstack_standalone.lambda_process.zygote import runtimes, sandboxes
from localstack_standalone.lambda_process.zygote.zygotes import Zygotes
from localstack_standalone.tuning import plugin as tuning
from localstack_standalone.tuning.registry import Option

# Users of their own for workers, where we are root: far from those that systems give out.
FIRST_UID: Final = 1_700_000_000
UIDS: Final = 100_000
# A folder whose packages Node's functions find, as on AWS those of its SDK.
NODE_MODULES: Final = "LAMBDA_PROCESS_NODE_MODULES"


class LambdaProcesses:
    """Made once, when LocalStack starts, as the settings and the machine have it.

    Handed to whoever needs it; the zygotes end with this process.

    Attributes:
        options: names of the tunings that are wanted.
        sandboxes: whether functions have them.
        zygotes: start workers.
        node_modules: folder of packages for Node's functions; empty where none is named.
        roots: folders of code.
        users: the next user for a worker, where we are root.
        log_events: on their way to CloudWatch Logs.
        metrics: on their way to CloudWatch; None where LocalStack puts them.
        faults: that functions are to have; those of calls are the same rules (`startup`).

    Raises:
        RuntimeSettingError: `runtimes.SETTING` does not name usable Pythons.
        SandboxSettingError: `sandboxes.SETTING` is not understood.
        SwitchError: TUNING names a tuning that is none.
    """

    def __init__(self) -> None:
        self.options = tuning.wanted()
        here = runtimes.find()
        python = next(iter(here.values()), sys.executable)
        self.sandboxes = sandboxes.Sandboxes(python, sandboxes.wanted())
        self.zygotes = Zygotes(here, self.sandboxes.confinement)
        self.node_modules = os.environ.get(NODE_MODULES, "")
        self.roots = RootsByVersion()
        self.faults = FaultRules()
        self.users = itertools.cycle(range(FIRST_UID, FIRST_UID + UIDS))
        self.log_events = Batches(
            log_delivery.put_events,
            name="lambda-log-delivery",
            pause_s=0.1 if Option.LOG_BATCHES in self.options else 0.0,
        )
        self.metrics = (
            Batches(metrics.put_metrics, name="lambda-metrics", pause_s=1.0)
            if Option.METRIC_BATCHES in self.options
            else None
        )
        atexit.register(self.zygotes.stop)

    def renew(self) -> None:
        """After a fork: threads are gone, and zygotes are the parent's."""
        self.log_events.renew()
        if self.metrics is not None:
            self.metrics.renew()
        self.sandboxes.renew()
        self.zygotes.renew()
