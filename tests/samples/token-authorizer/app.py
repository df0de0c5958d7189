"""Lets those in who have the token, to what the policy names; without one it is 401."""


def handler(event, context):
    token = event["authorizationToken"]
    if token == "nobody":
        raise Exception("Unauthorized")
    arn, _, _ = event["methodArn"].partition("/")
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": "Allow" if token == "let-me-in" else "Deny",
        "Resource": [f"{arn}/*/GET/*"],
    }
    return {
        "principalId": "user|a1b2c3d4",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"key": "value", "number": 1, "bool": True},
    }
