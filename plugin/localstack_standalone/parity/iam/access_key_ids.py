"""Access keys begin with AKIA, those of sessions with ASIA.

AWS: so it is (IAM User Guide, "IAM identifiers", "Understanding unique ID prefixes").
LocalStack makes keys that begin with L, and takes each that begins as AWS's do for one of
somebody's own: then the account is 000000000000. With PARITY_AWS_ACCESS_KEY_ID=1 it makes keys as
AWS does, and takes the account of any. Here keys are as AWS's, and one that was not made here is
still nobody's.
"""

from __future__ import annotations

import sys
from types import ModuleType

from localstack import config
from localstack.constants import DEFAULT_AWS_ACCOUNT_ID
from localstack.utils.patch import patch


def cure(module: ModuleType) -> None:
    """Switch LocalStack's parity on, and patch where *module* reads the account from a key."""
    if config.PARITY_AWS_ACCESS_KEY_ID:
        return  # somebody wants all of it
    config.PARITY_AWS_ACCESS_KEY_ID = True

    @patch(module.extract_account_id_from_access_key_id)
    def extract_account_id(original: object, access_key_id: str) -> str:
        account = str(original(access_key_id))  # type: ignore[operator]
        return account if _is_from_here(access_key_id, account) else DEFAULT_AWS_ACCOUNT_ID


def _is_from_here(key: str, account: str) -> bool:
    """Whether IAM or STS of this emulator gave *key* out: moto's IAM is loaded then."""
    models = sys.modules.get("moto.iam.models")
    backends = models.iam_backends if models else {}
    return account in backends and any(
        key in backend.access_keys for backend in list(backends[account].values())
    )
