"""A payment that is asked for twice is made once; who was first is kept in DynamoDB."""

import os
import uuid

from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, idempotent

kept = DynamoDBPersistenceLayer(table_name=os.environ["IDEMPOTENCY_TABLE"])


@idempotent(persistence_store=kept)
def handler(event, context):
    return {"payment": str(uuid.uuid4()), "statusCode": 200}
