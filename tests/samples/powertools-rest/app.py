"""A REST API by Powertools: routes, logs as JSON, traces without a daemon, metrics in the log."""

import os

import requests
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit

tracer, logger, metrics = Tracer(), Logger(), Metrics()
app = APIGatewayRestResolver()


@app.get("/todos")
@tracer.capture_method
def todos():
    answer = requests.get(os.environ["TODOS"], timeout=5)
    answer.raise_for_status()
    metrics.add_metric(name="Asked", unit=MetricUnit.Count, value=1)
    return {"todos": answer.json()[:2]}


@app.get("/todos/<which>")
@tracer.capture_method
def todo(which: str):
    raise NotFoundError(f"no todo {which}")


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event, context):
    logger.info("asked")
    return app.resolve(event, context)
