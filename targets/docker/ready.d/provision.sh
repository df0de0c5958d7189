#!/bin/sh
# LocalStack runs this when it is ready: make the pipeline in it (see scripts/in_container.py).
cd /opt/testbed && PYTHONPATH=/opt/plugin exec /opt/lambda-runtime/bin/python -m scripts.in_container provision
