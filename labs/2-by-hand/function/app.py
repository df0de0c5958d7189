"""Lab 2: writes down how long an image is. So far it only repeats its event."""


def handler(event, context):
    return {"key": event["key"]}
