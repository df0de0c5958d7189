"""IAM says in its own words what is not there.

AWS: "The role with name tea cannot be found.", and so for groups (IAM API reference, NoSuchEntity;
the words are those of published answers).
LocalStack: "Role tea not found".
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from localstack.utils.patch import patch
from moto.iam.exceptions import NotFoundException


def cure(module: ModuleType) -> None:
    """Patch where *module*, moto's IAM, looks for roles and groups by name."""
    backend = module.IAMBackend

    @patch(backend.get_role)
    def get_role(original: Any, self: Any, role_name: str) -> Any:
        return _found(original, self, "role", role_name)

    @patch(backend.get_group)
    def get_group(original: Any, self: Any, group_name: str) -> Any:
        return _found(original, self, "group", group_name)


def _found(original: Any, backend: Any, kind: str, name: str) -> Any:
    try:
        return original(backend, name)
    except NotFoundException as error:
        raise NotFoundException(f"The {kind} with name {name} cannot be found.") from error
