"""TARGET=aws: whose account, what would be made or removed there, what it costs, and who agrees.

Nothing is kept here of what is there: each command finds it by names and tags, so that it goes on
where another, or another checkout, stopped.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError
from rich.markup import escape
from rich.table import Table

from infra import deployment, leftovers, ownership, package, prices, stack
from infra.account import Account
from infra.resource import Outcome
from scripts.package import architecture
from scripts.resource_table import COLOURS, ResourceTable, changes, show
from testbed import confirmation, outputs, setting_table, settings, terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.deployment import AwsDeployment
    from infra.resource import RemovalPlan, ResourcePlan
    from testbed.aws import Aws

AGREED: Final = "YES=1"
EMPTIED: Final = "EMPTY=1"


def plan(aws: Aws, wanted: settings.Settings) -> list[ResourcePlan]:
    """What `provision` would do; nothing is changed."""
    return _planned(aws, whose(aws, wanted), _package())


def provision(aws: Aws, wanted: settings.Settings) -> outputs.Outputs:
    """Show what would be made, in which account and for what, and make it once that is agreed to.

    Raises:
        ProvisioningError: a resource cannot be had as it should be; run it again to go on.
        DeclinedError, UnconfirmedError: nobody agreed.
    """
    where, zipped = whose(aws, wanted), _package()
    plans = _planned(aws, where, zipped)
    show(plans)
    if changes(plans):
        show_prices()
        _ask(f"Make this in account {where.account.id}, {where.account.region}?", AGREED)
    titles = [each.title for each in where.pipeline.resources]
    with _taken_up_again(where), ResourceTable(titles) as table:
        made = stack.apply(
            aws, target="aws", package=zipped, on_settled=table.add, deployment=where
        )
    terminal.out.print(f"What removes it again: `{ownership.removal(where.name)}`")
    return made


def remove(aws: Aws, wanted: settings.Settings) -> int:
    """Show what would be removed, remove it once that is agreed to, and look whether it is gone.

    Returns:
        0 if nothing of the deployment is left; 1 if something is, or if there was nothing of it but
        of another one, which may have been meant.

    Raises:
        ProvisioningError: a resource cannot be removed; run it again to go on.
        DeclinedError, UnconfirmedError: nobody agreed, or not to what is in the buckets.
    """
    where = whose(aws, wanted)
    with terminal.step("reading what is there"):
        plans = stack.plan_removal(aws, deployment=where)
    going = [plan for plan in plans if plan.outcome is Outcome.DESTROYED]
    _show_removal(plans)
    if going:
        _agree_to_removal(where, going)
        titles = [each.title for each in reversed(where.pipeline.resources)]
        with _taken_up_again(where), ResourceTable(titles) as table:
            stack.destroy(aws, on_settled=table.add, deployment=where)
    left = _prove(aws, where)
    others = {plan.other for plan in plans if plan.other}
    for each in others:
        terminal.err.print(
            f"[yellow]another deployment is there, {escape(each)}:[/] `{ownership.removal(each)}` "
            "is what removes it"
        )
    return 1 if left or (others and not going) else 0


def whose(aws: Aws, wanted: settings.Settings) -> AwsDeployment:
    """The deployment that is meant, after telling account, identity and region.

    Raises:
        ClientError, BotoCoreError: there are no credentials, or none that AWS takes.
        ProvisioningError: the region is in another partition.
    """
    deployment.check_region(aws.region)
    caller = aws.sts.get_caller_identity()
    where = deployment.of(Account(caller["Account"], aws.region), wanted.bucket_prefix)
    terminal.out.print(
        f"account [bold]{escape(caller['Account'])}[/] as {escape(caller['Arn'])}, "
        f"region [bold]{aws.region}[/], deployment {escape(where.name)}"
    )
    if aws.redirected_to:
        terminal.err.print(
            f"[yellow bold]not AWS:[/] AWS_ENDPOINT_URL, or the profile, has all requests go to "
            f"{escape(aws.redirected_to)}"
        )
    return where


def show_prices() -> None:
    """Print what the services take."""
    table = Table("service", "1,000 images", "at rest", "free", box=None, padding=(0, 2, 0, 0))
    for each in prices.CHARGES:
        cost = f"${each.thousand_images_usd:.4f}"
        table.add_row(f"  {each.service}", cost, each.at_rest, each.free)
    table.add_row("  together", f"${prices.thousand_images_usd():.2f}")
    terminal.wide().print(table)
    terminal.out.print(
        f"  [dim]list prices of us-east-1, read {prices.READ_ON} (docs/aws.md); your bill is what "
        "counts[/]"
    )


def _planned(aws: Aws, where: AwsDeployment, zipped: package.Package) -> list[ResourcePlan]:
    with terminal.step("reading what is there"):
        return stack.plan(aws, package=zipped, deployment=where)


def _package() -> package.Package:
    """For Linux, and the processor that ARCH says: AWS has both."""
    with terminal.step("packaging the function") as note:
        wanted = package.Platform("Linux", architecture(os.environ))
        zipped = package.build(wanted, uv=settings.uv())
        note(f"the function is packaged for {zipped.architecture}")
        return zipped


def _show_removal(plans: list[RemovalPlan]) -> None:
    for each in plans:
        word = "would be destroyed" if each.outcome is Outcome.DESTROYED else str(each.outcome)
        inside = f"  [red]with {escape(each.contents)}[/]" if each.contents else ""
        line = f"  {each.resource.title}  [{COLOURS[each.outcome]}]{word}[/]{inside}"
        terminal.out.print(line)


def _agree_to_removal(where: AwsDeployment, going: list[RemovalPlan]) -> None:
    """Ask; objects of people in the buckets are asked for by themselves."""
    place = f"account {where.account.id}, {where.account.region}"
    _ask(f"Remove these {len(going)} from {place}?", AGREED)
    filled = [each.resource.name for each in going if each.contents]
    if filled:
        _ask(f"Delete all objects in {' and '.join(filled)} for good?", EMPTIED)


def _ask(question: str, by: str) -> None:
    agreed = setting_table.is_on(os.environ, by.partition("=")[0])
    confirmation.ask(question, agreed=agreed, by=by)


@contextlib.contextmanager
def _taken_up_again(where: AwsDeployment) -> Iterator[None]:
    """Say what an end in the middle leaves, and how one goes on from there."""
    try:
        yield
    except BaseException:
        terminal.err.print(
            "[yellow]it ended in the middle:[/] the same command goes on from here, and "
            f"`{ownership.removal(where.name)}` removes what there is"
        )
        raise


def _prove(aws: Aws, where: AwsDeployment) -> list[str]:
    """Look each up once more, then ask AWS's index of tags; what either knows of."""
    with terminal.step("looking whether anything is left"):
        again = stack.plan_removal(aws, deployment=where)
    left = [each.resource.title for each in again if each.outcome is Outcome.DESTROYED]
    cloud, resources = stack.place(aws, where)
    try:
        left += leftovers.tagged(cloud, resources)
    except (ClientError, BotoCoreError) as error:
        terminal.err.print("[yellow]AWS's index of tags could not be asked:[/] ", end="")
        terminal.err.print(str(error), markup=False)
    for each in left:
        terminal.err.print(f"[red]left:[/] {escape(each)}")
    if not left:
        terminal.out.print(f"Nothing of {escape(where.name)} is left")
    return left
