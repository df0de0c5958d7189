"""Lambda's CloudWatch metrics, put together once a second.

LocalStack starts a thread for each invocation that puts one metric, and remembers the thread for
ever: a thousand invocations at once had seven hundred threads and as many descriptors.
"""

from __future__ import annotations

import collections
import datetime as dt
import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from localstack.aws.connect import connect_to
from localstack.services.lambda_.invocation import metrics, version_manager
from localstack.utils.bootstrap import is_api_enabled
from localstack.utils.cloudwatch.cloudwatch_util import dimension_lambda
from localstack.utils.threads import start_thread

LOG = logging.getLogger(__name__)

BATCH_S: Final = 1.0
# PutMetricData takes so many at once.
BATCH_METRICS: Final = 1_000
THREAD_NAME: Final = "record-cloudwatch-metric"

Place = tuple[str | None, str | None]
_QUEUE: queue.Queue[tuple[Place, dict[str, Any]]] = queue.Queue()
_LOCK = threading.Lock()
_STARTED = threading.Event()


def patch() -> None:
    """Have metrics queued where they were put one by one, each in a thread of its own."""
    metrics.publish_lambda_metric = publish
    version_manager.start_thread = without_thread


def renew() -> None:
    """After a fork: the thread is gone, and what waits in the queue is the parent's."""
    global _QUEUE, _LOCK
    _QUEUE, _LOCK = queue.Queue(), threading.Lock()
    _STARTED.clear()


def without_thread(method: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Start a thread as LocalStack does, but for a metric, which is only queued now."""
    if str(options.get("name", "")).startswith(THREAD_NAME):
        return method()
    return start_thread(method, *arguments, **options)


def publish(
    metric: str,
    value: float,
    kwargs: dict[str, Any],
    account_id: str | None = None,
    region_name: str | None = None,
) -> None:
    """Queue one metric; the signature is LocalStack's."""
    if not is_api_enabled("cloudwatch"):
        return
    with _LOCK:
        if not _STARTED.is_set():
            threading.Thread(target=_deliver, daemon=True, name="lambda-metrics").start()
            _STARTED.set()
    datum = {
        "MetricName": metric,
        "Dimensions": dimension_lambda(kwargs),
        "Timestamp": dt.datetime.now(dt.UTC),
        "Value": value,
    }
    _QUEUE.put(((account_id, region_name), datum))


def _deliver() -> None:
    while True:
        batches: dict[Place, list[dict[str, Any]]] = collections.defaultdict(list)
        place, datum = _QUEUE.get()
        batches[place].append(datum)
        time.sleep(BATCH_S)
        for _ in range(min(_QUEUE.qsize(), BATCH_METRICS - 1)):
            place, datum = _QUEUE.get_nowait()
            batches[place].append(datum)
        for (account, region), data in batches.items():
            try:
                client = connect_to(aws_access_key_id=account, region_name=region).cloudwatch
                client.put_metric_data(Namespace="AWS/Lambda", MetricData=data)
            except Exception:  # the next batch is worth a try
                LOG.exception("Lost %d Lambda metrics", len(data))
