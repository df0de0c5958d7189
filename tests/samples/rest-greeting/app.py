"""Answers a REST API: a query, a header and a body make a greeting."""

import json
import logging

logger = logging.getLogger()
logger.setLevel(logging.INFO)


def handler(event, context):
    logger.info("Request: %s", event)
    name = (event.get("queryStringParameters") or {}).get("name", "you")
    day = (event.get("headers") or {}).get("day", "day")
    adjective = json.loads(event["body"]).get("adjective") if event.get("body") else "nice"
    method = event.get("httpMethod")
    allowed = method in ("GET", "POST", "PUT")
    message = f"{method}, {name}? {'Have' if allowed else 'No'} a {adjective} {day}!"
    return {"statusCode": 200 if allowed else 405, "body": json.dumps({"message": message})}
