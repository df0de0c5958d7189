"""Sums a CSV file that arrives, by pandas from a layer; the sums are a file beside it."""

import io
from urllib.parse import unquote_plus

import boto3
import pandas as pd

s3 = boto3.client("s3")


def handler(event, context):
    source = event["Records"][0]["s3"]
    bucket, key = source["bucket"]["name"], unquote_plus(source["object"]["key"])
    frame = pd.read_csv(s3.get_object(Bucket=bucket, Key=key)["Body"])
    totals = frame.groupby("city", as_index=False)["people"].sum()
    content = io.BytesIO()
    totals.to_csv(content, index=False)
    s3.put_object(Bucket=bucket, Key=f"totals/{key}", Body=content.getvalue())
