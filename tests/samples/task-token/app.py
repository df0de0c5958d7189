"""Answers for a state machine that waits: its token came by a queue."""

import json

import boto3

states = boto3.client("stepfunctions")


def handler(event, context):
    for record in event["Records"]:
        asked = json.loads(record["body"])
        token = asked["TaskToken"]
        if asked["Amount"] > 100:
            states.send_task_failure(taskToken=token, error="TooMuch", cause="over 100")
        else:
            output = json.dumps({"approved": asked["Amount"]})
            states.send_task_success(taskToken=token, output=output)
