"""What the browser is answered that sends the images of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI

from client import many
from client.many import ImageOutcome
from console import batch, batch_routes
from console.batch import Batch, ItemState, OpenBatches
from testbed.errors import TestbedError
from tests.support.asgi import AppClient

if TYPE_CHECKING:
    from client.journey import Job
    from console.watch import WatchedTestbed

FILES = {"files": [{"name": "in/a.png", "size": 3}, {"name": "b.png", "size": 1}], "hidden": 1}


@pytest.fixture
def batches() -> OpenBatches:
    return OpenBatches()


@pytest.fixture
def page(batches: OpenBatches) -> Batch:
    return batches.new()


@pytest.fixture
def browser(watch: WatchedTestbed, batches: OpenBatches) -> AppClient:
    app = FastAPI()
    app.include_router(batch_routes.routes(watch, batches))
    return AppClient(app)


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """What goes to the pipeline, which refuses an image of no bytes."""
    taken: list[Job] = []

    def send(_aws: object, _outputs: object, job: Job) -> ImageOutcome:
        taken.append(job)
        if job.image == b"":
            return ImageOutcome(execution=job.name, code="EMPTY_OBJECT", cause="empty")
        if job.image == b"!":
            raise TestbedError("no answer")
        return ImageOutcome(execution=job.name)

    monkeypatch.setattr(many, "send", send)
    return taken


def test_files_get_numbers_and_go_through(browser: AppClient, page: Batch, jobs: list[Job]) -> None:
    """Under their names with their folders, in an execution that names the batch."""
    told = browser.post(f"/batches/{page.group}/files", json=FILES)
    assert {"numbers": [1, 2]} == told.json()
    assert 204 == browser.post(f"/batches/{page.group}/files/1", content=b"abc").status_code
    (job,) = jobs
    assert ("in/a.png", b"abc", f"{page.group}-1") == (job.key, job.image, job.name)
    assert '{"key": "in/a.png"}' == job.body
    assert (1, 1) == (page.count(ItemState.DONE), page.left_out)


def test_what_failed_is_run_again_without_its_content(
    browser: AppClient, page: Batch, jobs: list[Job]
) -> None:
    """Where its object is there already; it is not run a third time when that went well."""
    browser.post(f"/batches/{page.group}/files", json=FILES)
    browser.post(f"/batches/{page.group}/files/1", content=b"")
    failed = browser.get(f"/batches/{page.group}/failed").json()
    assert {"failed": [{"number": 1, "stored": True}]} == failed
    assert 204 == browser.post(f"/batches/{page.group}/files/1/again").status_code
    assert (None, f"{page.group}-1-1") == (jobs[1].image, jobs[1].name)
    assert 404 == browser.post(f"/batches/{page.group}/files/1/again").status_code


def test_a_leg_that_could_not_be_gone_is_a_failure_of_its_own(
    browser: AppClient, page: Batch, jobs: list[Job]
) -> None:
    """Nobody knows whether the object is there: the browser sends it again."""
    browser.post(f"/batches/{page.group}/files", json=FILES)
    browser.post(f"/batches/{page.group}/files/2", content=b"!")
    browser.post(f"/batches/{page.group}/files/1/lost")
    assert [batch.NOT_SENT] == [one.code for one in page.failures()]
    assert ("the browser could not read or send it", "no answer") == page.failures()[0].causes
    failed = browser.get(f"/batches/{page.group}/failed").json()["failed"]
    assert [False, False] == [one["stored"] for one in failed]
    assert 1 == len(jobs)


def test_a_body_that_is_too_long_is_not_read_to_its_end(
    browser: AppClient, page: Batch, jobs: list[Job]
) -> None:
    """Whatever the page said of its size."""
    browser.post(f"/batches/{page.group}/files", json=FILES)
    body = bytes(batch.MOST_BYTES + 1)
    assert 413 == browser.post(f"/batches/{page.group}/files/1", content=body).status_code
    assert [] == jobs
    assert 1 == page.count(ItemState.FAILED)


@pytest.mark.parametrize("path", ["files/1", "files/1/again", "files/1/lost"])
def test_a_batch_that_is_not_there_is_not_found(browser: AppClient, path: str) -> None:
    """As after a restart of the console."""
    assert 404 == browser.post(f"/batches/batch-00000000/{path}", content=b"a").status_code
    assert 404 == browser.get("/batches/batch-00000000/failed").status_code
    assert 404 == browser.post("/batches/batch-00000000/files", json=FILES).status_code
