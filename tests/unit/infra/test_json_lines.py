from __future__ import annotations

import json

import pytest

from infra import json_lines

TEXT = """{
  "StartAt": "A/B",
  "States": {
    "A/B": {"Type": "Choice",
      "Choices": [
        {"Next": "x", "n": -1.5e3}, [], {},
        [true,
         null]
      ]
    }
  },
  "Comment": "a \\" , ] }"
}"""


@pytest.mark.parametrize(
    ("location", "line"),
    [
        ("/", 1),
        ("", 1),
        ("/StartAt", 2),
        ("/States/A/B", 4),
        ("/States/A/B/Type", 4),
        ("/States/A/B/Choices", 5),
        ("/States/A/B/Choices[0]", 6),
        ("/States/A/B/Choices[0]/n", 6),
        ("/States/A/B/Choices[3][1]", 8),
        ("/Comment", 12),
    ],
)
def test_each_value_has_its_line(location: str, line: int) -> None:
    """A member's is that of its name; a slash in a name is no step."""
    assert line == json_lines.lines(TEXT)[location]


@pytest.mark.parametrize(
    ("location", "line"),
    [
        ("/States/A/B/Choices[0]/Variable", 6),
        ("/States/A/B/Choices[9]/Next", 5),
        ("/States/C", 3),
        ("null", 1),
    ],
)
def test_what_is_not_there_is_missing_from_what_is_around_it(location: str, line: int) -> None:
    """A missing field is told where it should be."""
    assert line == json_lines.nearest(json_lines.lines(TEXT), location)


def test_what_is_no_json_has_no_lines() -> None:
    """Whoever asks has looked before."""
    with pytest.raises(json.JSONDecodeError):
        json_lines.lines("{")


@pytest.mark.parametrize(
    ("location", "lines"),
    [
        ("/", (1, 13)),
        ("/StartAt", (2, 2)),
        ("/States", (3, 11)),
        ("/States/A/B", (4, 10)),
        ("/States/A/B/Choices[3]", (7, 8)),
        ("/Comment", (12, 12)),
    ],
)
def test_each_value_ends_somewhere(location: str, lines: tuple[int, int]) -> None:
    """From the line of its name to that of its last brace."""
    assert lines == json_lines.spans(TEXT)[location]
