"""The whole pipeline survives a kill -9: the next request works, at the same address."""

from __future__ import annotations

from pathlib import Path

import requests

from scripts import provision
from tests.support.kept import KeptEmulator, kept_emulator

SAMPLE = Path(__file__).parents[3] / "samples" / "club2.png"


def send(kept: KeptEmulator, key: str, *, bucket: str, url: str) -> None:
    kept.aws.s3.upload_file(str(SAMPLE), bucket, key)
    assert requests.post(url, json={"key": key}, timeout=20).status_code == 200


def test_the_next_request_works_without_provisioning(tmp_path: Path) -> None:
    with kept_emulator(tmp_path) as kept:
        outputs = provision.provision(kept.aws, "embedded")
        send(kept, "before.png", bucket=outputs.original_bucket, url=outputs.api_url)
        kept.wait_for_object(outputs.resized_bucket, "thumb-before.png")

        kept.restart()

        send(kept, "after.png", bucket=outputs.original_bucket, url=outputs.api_url)
        kept.wait_for_object(outputs.resized_bucket, "thumb-after.png")
        # And nothing has to be made again.
        assert provision.provision(kept.aws, "embedded") == outputs
