"""Gives a browser what it needs to upload to a bucket by itself."""

import json
import os

import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3")
ssm = boto3.client("ssm")


def handler(event, context):
    bucket = ssm.get_parameter(Name=os.environ["IMAGES"])["Parameter"]["Value"]
    key = event["rawPath"].lstrip("/")
    if not key:
        raise ValueError("which image?")
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise
        return {"statusCode": 200, "body": json.dumps(s3.generate_presigned_post(bucket, key))}
    return {"statusCode": 409, "body": f"{key} is there already"}
