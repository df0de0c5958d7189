"""Reads an object many times at once, by threads that share one client."""

import json
import multiprocessing
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

WORKERS = int(os.environ["MAX_WORKERS"])
s3 = boto3.client("s3", config=Config(max_pool_connections=WORKERS))


def read(key):
    return s3.get_object(Bucket=os.environ["BUCKET"], Key=key)["Body"].read()


def handler(event, context):
    print("cores:", multiprocessing.cpu_count(), "threads:", threading.active_count())
    begun = time.perf_counter()
    with ThreadPoolExecutor(max_workers=WORKERS) as threads:
        contents = list(threads.map(read, [event["objectKey"]] * event["repeat"]))
    records = sum(len(json.loads(content)) for content in contents)
    return {"read": len(contents), "records": records, "took": time.perf_counter() > begun}
