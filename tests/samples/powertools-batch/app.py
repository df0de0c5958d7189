"""Messages of a queue, one by one: those that fail are told to SQS, which sends them again."""

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)

processor = BatchProcessor(event_type=EventType.SQS)
tracer, logger = Tracer(), Logger()


@tracer.capture_method
def one(record):
    payload = record.json_body
    if payload["item"] == "broken":
        raise ValueError("broken")
    logger.info({"done": payload["item"]})


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event, context):
    return process_partial_response(
        event=event, record_handler=one, processor=processor, context=context
    )
