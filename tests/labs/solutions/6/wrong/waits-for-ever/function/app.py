"""Books an image to a customer's account: one entry in the ledger for each that was asked for."""

import hashlib
import json
import os

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

ORIGINALS, LEDGER = os.environ["ORIGINAL_BUCKET"], os.environ["RESIZED_BUCKET"]

# The state machine tries again. Were it done here too, the attempts would multiply.
ONCE = Config(retries={"total_max_attempts": 1})
s3 = boto3.client("s3", config=ONCE)


class TransientStorageError(Exception):
    """S3 cannot answer now; it may later."""


def handler(event, context):
    key, customer, request = event["key"], event["customer"], event["request"]
    try:
        image = s3.get_object(Bucket=ORIGINALS, Key=key)["Body"].read()
        entry = {"key": key, "sha256": hashlib.sha256(image).hexdigest()}
        place = f"ledger/{customer}/{request}.json"
        s3.put_object(Bucket=LEDGER, Key=place, Body=json.dumps(entry))
    except ClientError as error:
        words = error.response["Error"]
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise TransientStorageError(str(error)) from error
        code = "NOT_FOUND" if words["Code"] == "NoSuchKey" else "CONFIG_ERROR"
        return {"success": False, "error": code, "message": words["Message"]}
    except HTTPClientError as error:
        raise TransientStorageError(str(error)) from error
    return {"success": True, "entry": place}
