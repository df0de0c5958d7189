"""docs/template.yaml is the stack, and a SAM template that CloudFormation would take."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dev import sam_template
from infra import sam, stack


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "cfn-lint"
    return subprocess.run([program, path], capture_output=True, text=True, timeout=90, check=False)


def test_the_template_is_that_of_the_stack() -> None:
    """It is generated; `make sam-template` writes it anew."""
    assert sam_template.text() == sam_template.PATH.read_text(encoding="utf-8")


def test_every_resource_is_in_it() -> None:
    """With what it needs."""
    parts = sam.template(stack.RESOURCES)["Resources"]
    assert {sam.logical_id(each) for each in stack.RESOURCES} == set(parts)
    for each in stack.RESOURCES:
        needs = [sam.logical_id(need) for need in each.needs]
        assert needs == parts[sam.logical_id(each)].get("DependsOn", [])


def test_what_it_names_is_there() -> None:
    """Code and definition, seen from the template."""
    parts = sam.template(stack.RESOURCES)["Resources"]
    function = parts[sam.logical_id(stack.FUNCTION)]["Properties"]
    machine = parts[sam.logical_id(stack.STATE_MACHINE)]["Properties"]
    folder = sam_template.PATH.parent
    assert (folder / function["CodeUri"] / "requirements.txt").is_file()
    assert (folder / machine["DefinitionUri"]).is_file()


def test_cfn_lint_passes_it() -> None:
    """No error, no warning."""
    done = lint(sam_template.PATH)
    assert (0, "") == (done.returncode, done.stdout)


@pytest.mark.parametrize(
    ("right", "wrong"), [("MemorySize: 1024", "MemorySize: 7"), ("Timeout: 30", "TimeOut: 30")]
)
def test_cfn_lint_would_see_a_mistake(tmp_path: Path, right: str, wrong: str) -> None:
    """Inside what SAM transforms, too."""
    text = sam_template.text()
    assert right in text
    other = tmp_path / "template.yaml"
    other.write_text(text.replace(right, wrong), encoding="utf-8")
    assert 0 != lint(other).returncode


def test_it_has_the_one_stage() -> None:
    """Without OpenApiVersion SAM makes another, "Stage", and the API is public under it too."""
    parts = sam.template(stack.RESOURCES)["Resources"]
    api = parts[sam.logical_id(stack.API)]["Properties"]
    assert api["DefinitionBody"]["swagger"] == api["OpenApiVersion"]
