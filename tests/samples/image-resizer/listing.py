"""Lists images with addresses that work for an hour."""

import os

import boto3

s3 = boto3.client("s3")
ssm = boto3.client("ssm")


def _objects(name):
    bucket = ssm.get_parameter(Name=os.environ[name])["Parameter"]["Value"]
    for found in s3.list_objects(Bucket=bucket).get("Contents", []):
        place = {"Bucket": bucket, "Key": found["Key"]}
        url = s3.generate_presigned_url("get_object", Params=place, ExpiresIn=3600)
        yield found["Key"], {"Size": found["Size"], "URL": url}, found["LastModified"]


def handler(event, context):
    listed = {
        key: {"Name": key, "Timestamp": when.isoformat(), "Original": facts}
        for key, facts, when in _objects("IMAGES")
    }
    for key, facts, _ in _objects("RESIZED"):
        if key in listed:
            listed[key]["Resized"] = facts
    return sorted(listed.values(), key=lambda image: image["Timestamp"], reverse=True)
