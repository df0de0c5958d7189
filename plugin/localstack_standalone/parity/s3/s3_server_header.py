"""Every answer of S3 names its server.

AWS: ``Server: AmazonS3`` is among S3's common response headers (Amazon S3 API reference).
LocalStack sends no such header.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

NAME: Final = "AmazonS3"


def cure(module: ModuleType) -> None:
    """Add to ``run_custom_response_handlers``, which sees answers and errors alike."""

    def name_server(_chain: Any, context: Any, response: Any) -> None:
        if context.service is not None and context.service.service_name == "s3":
            response.headers["Server"] = NAME

    module.run_custom_response_handlers.append(name_server)
