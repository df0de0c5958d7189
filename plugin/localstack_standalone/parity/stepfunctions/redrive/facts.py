"""What is known of an execution of LocalStack's that matters to redrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localstack_standalone.parity.stepfunctions.redrive.requests import Redrivable, Redrives

if TYPE_CHECKING:
    import datetime as dt


def redrives(execution: Any) -> Redrives:
    """Those so far; kept with the execution, and forgotten with it."""
    made: Redrives = vars(execution).setdefault("redrives", Redrives())
    return made


def refusal(execution: Any, now: dt.datetime) -> str | None:
    """Why it cannot be redriven, None if it can."""
    # Imported here: LocalStack imports it after the executions.
    from localstack.services.stepfunctions.backend.store import sfn_stores

    machines = sfn_stores[execution.account_id][execution.region_name].state_machines
    return Redrivable(
        status=execution.exec_status,
        started=execution.start_date,
        stopped=execution.stop_date,
        events=_events(execution),
        has_machine=execution.state_machine_arn in machines,
    ).refusal(now)


def _events(execution: Any) -> int:
    env = execution.exec_worker and execution.exec_worker.env
    return 0 if env is None else len(env.event_manager._history_event_list)  # noqa: SLF001
