"""Connects to its database before the first event, and gives up where there is none."""

import logging
import os
import sys

import psycopg2

logger = logging.getLogger()
logger.setLevel(logging.INFO)

try:
    connection = psycopg2.connect(
        host=os.environ["DB_HOST"],
        port=os.environ["DB_PORT"],
        user="reader",
        password=os.environ["DB_PASSWORD"],
        dbname="people",
        connect_timeout=5,
    )
except psycopg2.Error as error:
    logger.error("no database: %s", error)
    sys.exit(1)


def handler(event, context):
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from people")
        return cursor.fetchone()[0]
