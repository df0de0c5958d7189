"""Many at once: each image gets its own thumbnail."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.e2e.client import Client, picture, png

COUNT = 20


def test_twenty_images_at_once_are_not_mixed_up(client: Client) -> None:
    """All succeed, and each thumbnail shows its own image's colour and proportions."""
    sizes = [(300 + 10 * n, 200) for n in range(COUNT)]
    colours = [(12 * n, 255 - 12 * n, 7 * n) for n in range(COUNT)]
    keys = [client.key(f"{n}.png") for n in range(COUNT)]
    for key, (width, height), colour in zip(keys, sizes, colours, strict=True):
        client.upload(key, png(width, height, colour))
    with ThreadPoolExecutor(COUNT) as pool:
        reports = list(pool.map(client.run, keys))
    assert ["SUCCEEDED"] * COUNT == [report.status for report in reports]
    images = [picture(client.thumbnail(key).content).convert("RGB") for key in keys]
    assert colours == [image.getpixel((100, 50)) for image in images]
    expected = [(256, round(256 * height / width)) for width, height in sizes]
    assert expected == [image.size for image in images]


def test_one_key_many_times_at_once_is_one_thumbnail(client: Client) -> None:
    """The function is idempotent: whoever writes last writes the same."""
    key = client.key("a.png")
    client.upload(key, png())
    with ThreadPoolExecutor(5) as pool:
        reports = list(pool.map(client.run, [key] * 5))
    assert ["SUCCEEDED"] * 5 == [report.status for report in reports]
    assert 5 == len({report.arn for report in reports})
    assert (256, 160) == picture(client.thumbnail(key).content).size
