"""What the words of the pipeline mean: a sentence for a student, and the page that says more.

The sentences are data, in `explanations.toml`; a test sees that nothing which the code knows is
missing there.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import tomllib
from pathlib import Path
from typing import Any, Final

CATALOGUE: Final = Path(__file__).with_name("explanations.toml")
AWS: Final = "https://docs.aws.amazon.com/"


class Topic(enum.StrEnum):
    """What is explained."""

    STATION = "stations"
    STATE_TYPE = "state-types"
    STATUS = "statuses"
    ERROR = "errors"
    FIELD = "fields"
    EVENT_FIELD = "event-fields"


@dataclasses.dataclass(frozen=True)
class Explanation:
    """What one word means.

    Attributes:
        topic: of what it is one.
        name: the word, as the pages show it.
        sentence: for somebody who meets it for the first time.
        link: AWS's page on it.
    """

    topic: Topic
    name: str
    sentence: str
    link: str


def find(topic: Topic, name: str) -> Explanation | None:
    """What *name* means; None where nobody has said it.

    A name that goes on behind a dot, such as States.Http.StatusCode.404, means what it begins with.
    """
    while name:
        if (found := everything().get((topic, name))) is not None:
            return found
        name = name.rpartition(".")[0]
    return None


@functools.cache
def everything() -> dict[tuple[Topic, str], Explanation]:
    """All explanations, by topic and name."""
    told = _catalogue()
    pages = told["pages"]
    return {
        (topic, name): Explanation(topic, name, one["is"], f"{AWS}{pages[one['on']]}")
        for topic in Topic
        for name, one in told[topic].items()
    }


def pages() -> set[str]:
    """AWS's pages that are listed."""
    return {f"{AWS}{path}" for path in _catalogue()["pages"].values()}


def _catalogue() -> dict[str, Any]:
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
