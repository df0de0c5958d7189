"""How large a request may be, as AWS documents it or answers it. Pure numbers, in bytes."""

from __future__ import annotations

from typing import Final

# API Gateway quotas: payload of a REST API.
API_GATEWAY_PAYLOAD_BYTES: Final = 10_485_760
API_GATEWAY_PAYLOAD_WORDS: Final = (
    f"HTTP content length exceeded {API_GATEWAY_PAYLOAD_BYTES} bytes."
)
# Lambda quotas: an invocation that is waited for, and one that is not.
INVOKE_BYTES: Final = 6_291_456
INVOKE_EVENT_BYTES: Final = 1_048_576
# What AWS names when it refuses CreateFunction, UpdateFunctionCode or PublishLayerVersion:
# "Request must be smaller than 70167211 bytes for the … operation".
FUNCTION_CODE_BYTES: Final = 70_167_211
# The largest request of any service with a JSON protocol: DynamoDB's, "Maximum Request size of 16
# MB" (Step Functions and CloudWatch Logs take 1 MB, and say so themselves).
SERVICE_REQUEST_BYTES: Final = 16 * 1024 * 1024
# Amazon S3 quotas: an object, or a part of one, in a single PUT.
S3_PUT_BYTES: Final = 5 * 1024**3
