"""Lambda's CloudWatch metrics, put together once a second.

LocalStack starts a thread for each invocation that puts one metric, and remembers the thread for
ever: a thousand invocations at once had seven hundred threads and as many descriptors.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from localstack.aws.connect import connect_to
from localstack.services.lambda_.invocation import metrics, version_manager
from localstack.utils.bootstrap import is_api_enabled
from localstack.utils.cloudwatch.cloudwatch_util import dimension_lambda
from localstack.utils.threads import start_thread

from localstack_standalone.lambda_process.engine.batches import Batches

THREAD_NAME: Final = "record-cloudwatch-metric"

# An account, and a region in it.
Owner = tuple[str | None, str | None]
MetricBatches = Batches[Owner, dict[str, Any]]


def patch(queued: MetricBatches) -> None:
    """Have metrics queued where they were put one by one, each in a thread of its own."""

    def publish(
        metric: str,
        value: float,
        kwargs: dict[str, Any],
        account_id: str | None = None,
        region_name: str | None = None,
    ) -> None:
        datum = {
            "MetricName": metric,
            "Dimensions": dimension_lambda(kwargs),
            "Timestamp": dt.datetime.now(dt.UTC),
            "Value": value,
        }
        queued.put((account_id, region_name), datum)

    metrics.publish_lambda_metric = publish
    version_manager.start_thread = without_thread


def without_thread(method: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Start a thread as LocalStack does, but for a metric, which is only queued now."""
    if str(options.get("name", "")).startswith(THREAD_NAME):
        return method()
    return start_thread(method, *arguments, **options)


def put_metrics(owner: Owner, data: list[dict[str, Any]]) -> None:
    """Put *data* into CloudWatch, unless that is off."""
    if is_api_enabled("cloudwatch"):
        account, region = owner
        client = connect_to(aws_access_key_id=account, region_name=region).cloudwatch
        client.put_metric_data(Namespace="AWS/Lambda", MetricData=data)
