"""Makes an image of a bucket gray, with OpenCV from a layer that it looks into first."""

import json
import logging
import os

import boto3

logging.getLogger().setLevel(logging.INFO)
FILE = "/tmp/my_image.jpg"


def handler(event, context):
    logging.info("layer: %s", sorted(os.listdir("/opt/python")))
    import cv2

    bucket, key = os.environ["BUCKET_NAME"], os.environ["S3_KEY"]
    boto3.resource("s3").Bucket(bucket).download_file(key, FILE)
    cv2.imwrite(FILE, cv2.cvtColor(cv2.imread(FILE), cv2.COLOR_BGR2GRAY))
    boto3.client("s3").upload_file(FILE, bucket, "my_image-gray.jpg")
    return {"statusCode": 200, "body": json.dumps({"opencv": cv2.__version__})}
