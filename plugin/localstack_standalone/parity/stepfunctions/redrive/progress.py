"""How far a program came: the whole state machine, a branch of a Parallel, an iteration of a Map.

Kept while it runs, so that a redrive knows where to go on; after a crash it is read from the
history (``persistence/executions``). Values are never copied here: LocalStack replaces inputs,
outputs and variables, and never changes them.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from localstack_standalone.parity.stepfunctions.redrive.replay import Replay

# "If the state failed because of a States.DataLimitExceeded error, the Parallel state is rerun,
# including the branches that were successful" (Developer Guide, redrive behavior of individual
# states); the same for an inline Map.
RUN_ALL_AGAIN: Final = "States.DataLimitExceeded"

# Which part of which program: the id of the event that started its state, and its index there, for
# each level. The id tells an attempt from the next one.
type ProgramPath = tuple[tuple[int, int], ...]


@dataclasses.dataclass(kw_only=True)
class StateVisit:
    """A state that was entered.

    Attributes:
        name: of the state.
        path: of the program that it is a state of.
        state: LocalStack's component, None for what was read from a history.
        entered_id: of the event that entered it.
        entered_at: as the context object tells it.
        input: with which it was entered.
        variables: of its own scope, when it was entered.
        started_id: of MapStateStarted or ParallelStateStarted, None before that.
        parts: its branches or iterations, by index.
        goes_on: whether its parts are those of an attempt before the redrive.
        replay: what of it was written before a crash, None where there was none.
    """

    name: str
    path: ProgramPath = ()
    state: Any = None
    entered_id: int
    entered_at: str
    input: Any
    variables: dict[str, Any]
    started_id: int | None = None
    parts: dict[int, ProgramProgress] = dataclasses.field(default_factory=dict)
    goes_on: bool = False
    replay: Replay | None = None

    def begin(self, *, keeps_parts: bool = True) -> None:
        """Its branches or iterations start.

        All of them anew, as they do at a retry, but for the first time after a redrive.

        Args:
            keeps_parts: False for what starts anew then, too.
        """
        if not (self.goes_on and keeps_parts):
            self.parts, self.started_id = {}, None
        self.goes_on = False

    def part(self, index: int) -> ProgramProgress:
        """The branch or iteration at *index*."""
        path = (*self.path, (self.started_id or 0, index))
        return self.parts.setdefault(index, ProgramProgress(path=path))

    def succeeded(self) -> dict[int, Any]:
        """The outputs of the parts that came to their end, by index."""
        parts = list(self.parts.items())  # others may be added meanwhile
        return {index: part.output for index, part in parts if part.is_over and part.is_told}

    def redriven(self, error: str | None) -> StateVisit:
        """The same to go on from; *error* is what stopped the program."""
        parts = {} if error == RUN_ALL_AGAIN else dict(self.parts)
        return dataclasses.replace(
            self,
            parts={index: part.redriven() for index, part in parts.items()},
            started_id=self.started_id if parts else None,
            goes_on=bool(parts),
            replay=None,
        )

    def resumed(self) -> StateVisit:
        """The same to go on from after a crash: what it has begun is not begun again."""
        parts = {index: part.resumed() for index, part in self.parts.items()}
        return dataclasses.replace(self, parts=parts, goes_on=self.started_id is not None)


@dataclasses.dataclass(kw_only=True)
class ProgramProgress:
    """What ran of it.

    Attributes:
        path: where it is.
        visit: the state that was entered last, None before the first.
        is_left: whether that was left; then there are
        next_state: where it went from there, None at the end,
        output: with which, and
        variables: those of its own scope.
        left_id: of the event that told it.
        error: the name of the one that stopped it.
        started_id: of MapIterationStarted.
        resumes: whether it has yet to go on from here.
        is_at_work: whether its thread is: who stops it then is heard.
        is_told: whether the event is written, too, that it came to its end.
    """

    path: ProgramPath = ()
    visit: StateVisit | None = None
    is_left: bool = False
    next_state: str | None = None
    output: Any = None
    variables: dict[str, Any] = dataclasses.field(default_factory=dict)
    left_id: int | None = None
    error: str | None = None
    started_id: int | None = None
    resumes: bool = False
    is_at_work: bool = False
    is_told: bool = True

    @property
    def is_over(self) -> bool:
        """Whether it came to its end."""
        return self.is_left and self.next_state is None

    @property
    def inside(self) -> StateVisit | None:
        """The state that it is in."""
        return None if self.is_left else self.visit

    def enter(self, visit: StateVisit) -> None:
        """It is in another state now."""
        self.visit, self.is_left = visit, False

    def leave(self, output: Any, next_state: str | None, variables: dict[str, Any]) -> None:
        """It left the state, to *next_state* or, if None, to its end."""
        self.output, self.next_state, self.variables = output, next_state, variables
        self.is_left = True
        # An iteration has an event of its own for that.
        self.is_told = next_state is not None or self.started_id is None

    def redriven(self) -> ProgramProgress:
        """The same to go on from. What still runs of the attempt before has its own."""
        visit = self.visit and self.visit.redriven(self.error)
        return dataclasses.replace(self, visit=visit, error=None, resumes=True, is_at_work=False)

    def resumed(self) -> ProgramProgress:
        """The same to go on from after a crash."""
        visit = self.visit and self.visit.resumed()
        return dataclasses.replace(self, visit=visit, resumes=True)
