"""LocalStack's engine writes down how far it came, and goes on from there in a redrive.

An environment of the engine belongs to a program, or is a frame of one; the frames of a Parallel or
a Map lead to the environments of their branches and iterations. Each knows its outer one here, and
those of programs have their ``ProgramProgress``.

What a redrive, or what goes on after a crash, does not write a second time is left out where events
are written: the context of the environment says for whom they are. Who keeps histories is told of
each event there.
"""

from __future__ import annotations

import functools
import weakref
from typing import Any, Final

from localstack.services.stepfunctions.asl.component.program.program import Program
from localstack.services.stepfunctions.asl.component.state import state, state_continue_with
from localstack.services.stepfunctions.asl.component.state.state_execution.state_map import (
    state_map,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_map.iteration import (  # noqa: E501 - its name
    distributed_iteration_component,
    inline_iteration_component,
    iteration_worker,
    job,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_parallel import (
    state_parallel,
)
from localstack.services.stepfunctions.asl.eval.environment import Environment
from localstack.services.stepfunctions.asl.eval.event.event_manager import EventManager
from localstack.services.stepfunctions.asl.eval.program_state import ProgramError
from localstack.services.stepfunctions.backend.execution_worker import ExecutionWorker
from localstack.utils.patch import patch

from localstack_standalone.parity.stepfunctions.redrive.progress import (
    ProgramProgress,
    StateVisit,
)

_STARTED: Final = ("ParallelStateStarted", "MapStateStarted")
_DISTRIBUTED: Final = distributed_iteration_component.DistributedIterationComponent


@functools.cache
def install() -> None:
    """Patch the engine, once: redrives and persistence both need it."""
    _begin_executions()
    _link_frames()
    _run_programs()
    _visit_states()
    _run_parts()
    _run_iterations()
    _write_events()


def _begin_executions() -> None:
    @patch(ExecutionWorker._get_evaluation_environment)  # noqa: SLF001 - where one begins
    def environment(original: Any, self: Any) -> Any:
        env = original(self)
        if env.is_standard_workflow():  # an Express one cannot be redriven
            env.progress = ProgramProgress()
            env.event_history_context.frame = weakref.ref(env)
        return env


def _link_frames() -> None:
    original = Environment.as_inner_frame_of.__func__

    def as_inner_frame_of(cls: Any, env: Any, *args: Any, **settings: Any) -> Any:
        frame = original(cls, env, *args, **settings)
        frame.outer = env
        frame.event_history_context.frame = weakref.ref(frame)
        return frame

    Environment.as_inner_frame_of = classmethod(as_inner_frame_of)


def _of(env: Any) -> ProgramProgress | None:
    """The progress of the program that *env* runs, or is a frame of; None where none is kept."""
    while env is not None:
        known = vars(env)
        if "progress" in known:
            found: ProgramProgress = known["progress"]
            return found
        env = known.get("outer")
    return None


def inside(env: Any) -> StateVisit | None:
    """The state in which that program is."""
    progress = _of(env)
    return None if progress is None else progress.inside


def environment_of(context: Any) -> Any:
    """Whose *context* of events it is; None for one that no execution has."""
    frame = vars(context).get("frame")
    return None if frame is None else frame()


def program_of(context: Any) -> ProgramProgress | None:
    """The program whose events are written in *context*."""
    return _of(environment_of(context))


def _run_programs() -> None:
    @patch(Program.eval)
    def evaluate(original: Any, self: Any, env: Any) -> None:
        _adopt(self, env)
        original(self, env)

    @patch(Program._eval_body)  # noqa: SLF001 - runs in the program's own thread
    def evaluate_body(original: Any, self: Any, env: Any) -> None:
        progress: ProgramProgress | None = vars(env).get("progress")
        if progress is None:
            original(self, env)
            return
        env.event_history_context.progress = progress
        progress.is_at_work = True
        if progress.resumes:
            _resume(env, progress)
        original(self, env)
        ended = env.program_state()
        if isinstance(ended, ProgramError):
            progress.error = (ended.error or {}).get("error")


def _adopt(program: Any, env: Any) -> None:
    """Give the environment of a branch its progress; that of an iteration has it already."""
    outer = None if "progress" in vars(env) else _of(env)
    if outer is None:
        return
    visit = outer.inside
    branches = getattr(visit.state, "branches", None) if visit else None
    programs = branches.programs if branches else ()
    index = next((at for at, one in enumerate(programs) if one is program), None)
    # An item of a distributed Map is neither a branch nor an iteration: it starts anew.
    env.progress = visit.part(index) if visit and index is not None else ProgramProgress()


def _resume(env: Any, progress: ProgramProgress) -> None:
    """Set *env* to where *progress* ends."""
    # Who stops it meanwhile has to wait, for what is stopped cannot be set.
    with env._state_mutex:  # noqa: SLF001
        if not env.is_running():
            return
        visit = progress.inside
        if visit is not None:
            _set(env, visit.name, visit.input, visit.variables)
            return
        progress.resumes = False  # it is in no state: the next one is entered as ever
        if progress.is_left:
            env.event_history_context.source_event_id = progress.left_id
            _set(env, progress.next_state, progress.output, progress.variables)
        elif not env.is_frame():
            env.event_history_context.source_event_id = 0  # the first state follows nothing


def _set(env: Any, name: str | None, value: Any, variables: dict[str, Any]) -> None:
    env.states.reset(input_value=value)
    # Not by ``set``, which would have the event that leaves the state tell them as assigned there.
    env.variable_store._inner_scope.update(variables)  # noqa: SLF001
    if name is None:
        env.set_ended()
    else:
        env.next_state_name = name


def _visit_states() -> None:
    @patch(state.CommonStateField._eval_state_input)  # noqa: SLF001 - behind the entering event
    def state_input(original: Any, self: Any, env: Any) -> None:
        progress: ProgramProgress | None = vars(env).get("progress")
        if progress is not None:
            _enter(self, env, progress)
        original(self, env)

    @patch(state.CommonStateField._get_state_exited_event_details)  # noqa: SLF001 - it is left
    def state_exited(original: Any, self: Any, env: Any) -> Any:
        details = original(self, env)
        progress: ProgramProgress | None = vars(env).get("progress")
        if progress is not None:
            progress.leave(_value(env), _next(self, env), _variables(env))
        return details


def _enter(component: Any, env: Any, progress: ProgramProgress) -> None:
    told = env.states.context_object.context_object_data["State"]
    if progress.resumes and progress.visit is not None:
        progress.resumes = False
        progress.visit.state = component  # of the definition as it is parsed now
        told["EnteredTime"] = progress.visit.entered_at
        return
    progress.enter(
        StateVisit(
            name=component.name,
            path=progress.path,
            state=component,
            entered_id=env.event_history_context.source_event_id,
            entered_at=told["EnteredTime"],
            input=_value(env),
            variables=_variables(env),
        )
    )


def _value(env: Any) -> Any:
    return env.states._states_data["input"]  # noqa: SLF001 - without the copy that it would give


def _variables(env: Any) -> dict[str, Any]:
    return dict(env.variable_store._inner_scope)  # noqa: SLF001


def _next(component: Any, env: Any) -> str | None:
    """Where the state that is being left leads to, None at the end.

    Whoever waits for this program may have ended it meanwhile: then the environment says no more.
    """
    leads_to: str | None = env.next_state_name
    after = component.continue_with
    if leads_to is None and isinstance(after, state_continue_with.ContinueWithNext):
        leads_to = after.next_state.name
    return leads_to


def _run_parts() -> None:
    for kind in (state_parallel.StateParallel, state_map.StateMap):

        @patch(kind._eval_execution)  # noqa: SLF001 - once an attempt
        def execution(original: Any, self: Any, env: Any) -> None:
            visit = inside(env)
            if visit is not None and visit.state is self:
                iterations = getattr(self, "iteration_component", None)
                visit.begin(keeps_parts=not isinstance(iterations, _DISTRIBUTED))
                env.event_history_context.visit = visit
            original(self, env)


def _run_iterations() -> None:
    component = inline_iteration_component.InlineIterationComponent

    @patch(component._launch_worker)  # noqa: SLF001 - the first that has the pool
    def launch_worker(original: Any, self: Any, env: Any, eval_input: Any, job_pool: Any) -> Any:
        visit = inside(env)
        if visit is not None and not isinstance(self, _DISTRIBUTED):
            _skip(job_pool, visit.succeeded())
        return original(self, env, eval_input, job_pool)

    @patch(iteration_worker.IterationWorker._eval_job)  # noqa: SLF001 - one iteration
    def evaluate_job(original: Any, self: Any, env: Any, job: Any) -> None:
        visit = inside(env)
        if visit is not None:
            env.progress = visit.part(job.job_index)
            env.event_history_context.iteration = env.progress
        original(self, env, job)


def _skip(pool: Any, succeeded: dict[int, Any]) -> None:
    """Have *pool* take those iterations for done that were done before a redrive."""
    with pool._mutex:  # noqa: SLF001 - a pool has no other way to close a job unrun
        waiting = pool._open_jobs  # noqa: SLF001
        for one in [one for one in waiting if one.job_index in succeeded]:
            waiting.remove(one)
            output = succeeded[one.job_index]
            closed = job.JobClosed(job_index=one.job_index, job_output=output)
            pool._closed_jobs.add(closed)  # noqa: SLF001
        pool._notify_on_termination()  # noqa: SLF001 - it may be that none is left


def _write_events() -> None:
    @patch(EventManager.add_event)
    def add_event(
        original: Any, self: Any, context: Any, event_type: Any, *args: Any, **settings: Any
    ) -> int:
        told = vars(self)
        known = _written(context, event_type, after_crash="replays" in told)
        if known is not None:
            context.last_published_event_id = known
            if settings.get("update_source_event_id", True):
                context.source_event_id = known
            return known
        event_id: int = original(self, context, event_type, *args, **settings)
        _note(context, event_type, event_id)
        if "keep" in told:
            told["keep"](context, self._history_event_list[event_id - 1])
        return event_id


def _written(context: Any, event_type: str, *, after_crash: bool) -> int | None:
    """What the next event follows, if this one was written before, else None."""
    known = vars(context)
    progress: ProgramProgress | None = known.get("progress")
    if event_type.endswith("StateEntered") and progress and progress.resumes and progress.inside:
        # Recorded: the failure of a Fail state follows ExecutionRedriven.
        fails = event_type == "FailStateEntered" and progress.inside.replay is None
        return int(context.source_event_id) if fails else progress.inside.entered_id
    started = _starts(context, event_type)
    if started is not None and started.started_id is not None:
        return started.started_id
    visit = inside(environment_of(context)) if after_crash else None
    return None if visit is None or visit.replay is None else visit.replay.take(event_type)


def _note(context: Any, event_type: str, event_id: int) -> None:
    if event_type.endswith("StateExited") and "progress" in vars(context):
        context.progress.left_id = event_id
    started = _starts(context, event_type)
    if started is not None:
        started.started_id = event_id
    if event_type == "MapIterationSucceeded" and "iteration" in vars(context):
        context.iteration.is_told = True


def _starts(context: Any, event_type: str) -> StateVisit | ProgramProgress | None:
    """Whose start the event is: a Parallel's or a Map's, or an iteration's."""
    known = vars(context)
    if event_type in _STARTED:
        visit: StateVisit | None = known.get("visit")
        return visit
    if event_type == "MapIterationStarted":
        iteration: ProgramProgress | None = known.get("iteration")
        return iteration
    return None
