"""Makes one call with the rights of the role that it runs under, and says what came of it."""

from typing import Any

import boto3
from botocore.exceptions import ClientError


def handler(event: Any, _context: object) -> str:
    client = boto3.client(event["service"])
    try:
        getattr(client, event["operation"])(**event["arguments"])
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "allowed"
