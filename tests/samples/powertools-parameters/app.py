"""Reads a setting and a secret, and keeps them while the environment is warm."""

from aws_lambda_powertools.utilities import parameters


def handler(event, context):
    setting = parameters.get_parameter(event["parameter"], transform="json", max_age=300)
    secret = parameters.get_secret(event["secret"], max_age=300)
    return {"setting": setting, "secret": len(secret)}
