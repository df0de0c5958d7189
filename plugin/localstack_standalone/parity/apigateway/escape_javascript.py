r"""``$util.escapeJavaScript`` writes an apostrophe as ``\'``.

AWS: it "will turn any regular single quotes (') into escaped ones (\')", which JSON does not know:
a template must turn them back (API Gateway Developer Guide, "Mapping template reference").
LocalStack leaves apostrophes alone, so that a template without the cure works here, not on AWS.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.utils.patch import patch


def cure(module: ModuleType) -> None:
    """Patch ``VelocityUtilApiGateway.escapeJavaScript``."""

    @patch(module.VelocityUtilApiGateway.escapeJavaScript)
    def escape_javascript(original: Any, self: Any, obj: Any) -> str:
        escaped: str = original(self, obj)
        return escaped.replace("'", r"\'")
