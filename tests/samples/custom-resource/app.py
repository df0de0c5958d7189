"""A custom resource of a stack: empties a bucket that is to be deleted, and says so by HTTP."""

import boto3
import cfnresponse


def handler(event, context):
    try:
        if event["RequestType"] == "Delete":
            bucket = boto3.resource("s3").Bucket(event["ResourceProperties"]["BucketName"])
            bucket.objects.all().delete()
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {"Empty": "yes"}, "my-cleaner")
    except Exception as error:
        print(error)
        cfnresponse.send(event, context, cfnresponse.FAILED, {"Why": str(error)})
