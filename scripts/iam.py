"""`make iam`: for each role what it was allowed and used, never used, and used unallowed.

POLICY=least prints the policy of each that allows just what was asked for since the testbed
started, ready to paste; JSON=1 all of it.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from targets import choose, permissions
from testbed import setting_table, settings, terminal
from testbed.errors import TestbedError
from views import permission_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from targets.permissions import PermissionReport


def main() -> int:
    """Print the table; 1 where AWS would refuse something, but for the policy that ends that.

    Raises:
        TestbedError: no testbed is up, or nobody asks policies there.
    """
    given = read_arguments(sys.argv[1:], os.environ)
    endpoint = choose.running(settings.load()).endpoint
    report = permissions.fetch(endpoint) if endpoint else None
    if report is None:
        raise TestbedError(
            f"no policies are asked at {endpoint or 'AWS from here'}: IAM=warn or IAM=enforce "
            "starts an emulator that does (`make reset IAM=warn`)"
        )
    if given.policy:
        sys.stdout.write(json.dumps(least(report), indent=2) + "\n")
        return 0
    if given.json:
        sys.stdout.write(json.dumps(dataclasses.asdict(report), indent=2) + "\n")
    else:
        terminal.wide().print(permission_table.table(report))
    return 1 if report.missing else 0


def read_arguments(arguments: Sequence[str], environ: Mapping[str, str]) -> argparse.Namespace:
    """What is asked for in *arguments*, or else in *environ*, where make puts its variables."""
    parser = argparse.ArgumentParser(prog="make iam", description=__doc__)
    parser.add_argument("--policy", choices=("", "least"), default=environ.get("POLICY", ""))
    parser.add_argument("--json", action="store_true", default=setting_table.is_on(environ, "JSON"))
    return parser.parse_args(arguments)


def least(report: PermissionReport) -> dict[str, Any]:
    """The least policy of each user and role that asked for anything, by its ARN.

    A service has no policies: what it may do stands in a role's trust, or in a resource's policy.
    """
    return {
        each.principal: each.least
        for each in report.principals
        if each.principal.startswith("arn:") and each.least["Statement"]
    }


if __name__ == "__main__":
    terminal.run(main)
