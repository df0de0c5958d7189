"""RedriveExecution: an unsuccessful execution goes on where it stopped.

AWS: the execution keeps its ARN, input, definition and role; states that were left are not run
again, the one that was not starts again with its input, of a Parallel state only the branches and
of an inline Map only the iterations that did not succeed. Timeouts and retries start anew (Step
Functions Developer Guide, "Restarting state machine executions with redrive"; RedriveExecution in
the API reference). Recorded: the history goes on with ExecutionRedriven, behind which no state is
entered a second time; the next event of a state is linked to the one that entered it.
LocalStack does not implement it. A distributed Map starts a new Map Run here.

``progress`` is how far an execution came, ``recording`` has LocalStack's engine write it down and
go on from it, ``worker`` runs it, ``requests`` decides who may, and ``operation`` is the API's.
"""

from __future__ import annotations

from types import ModuleType


def cure(module: ModuleType) -> None:
    """Give the provider its operation, and have the engine keep what that goes on from."""
    # Imported here: what decides without LocalStack is tested without it.
    from localstack_standalone.parity.stepfunctions.redrive import operation, recording

    recording.install()
    operation.install(module)
