"""What each code means: why AWS takes it otherwise, and how to mend it.

docs/lint.md is written from here (`make lint-docs`).
"""

from __future__ import annotations

import dataclasses
from typing import Final

ERROR: Final = "error"
WARNING: Final = "warning"
NOTE: Final = "note"


@dataclasses.dataclass(frozen=True)
class LintCode:
    """A kind of finding.

    Attributes:
        name: a short name, as SARIF has it.
        level: "error", "warning" or "note", as SARIF has them; a note alone fails nothing.
        title: one line.
        why: what AWS does, and what an emulator does.
        mend: what to do.
    """

    name: str
    level: str
    title: str
    why: str
    mend: str


CODES: Final = {
    "LS001": LintCode(
        "Unreadable",
        ERROR,
        "A file cannot be read as what it is",
        "A definition that is no JSON, code that is no Python, a zip that is none: AWS refuses it,"
        " or fails at the first invocation.",
        "Mend the file at the place that is named.",
    ),
    "LS002": LintCode(
        "IgnoredWithoutReason",
        WARNING,
        "A finding is silenced without a reason",
        "Who reads it later cannot tell whether it still holds.",
        "Write why: `lint-ignore[LS301] only in the local profile`.",
    ),
    "LS101": LintCode(
        "InvalidDefinition",
        ERROR,
        "AWS refuses the definition of a state machine",
        "CreateStateMachine and UpdateStateMachine answer InvalidDefinition; emulators take many"
        " such definitions and fail when the state is reached, or never. The message carries AWS's"
        " own code.",
        "Mend the field that is named. `make provision`, and ValidateStateMachineDefinition of the"
        " testbed, say the same.",
    ),
    "LS102": LintCode(
        "DoubtfulDefinition",
        WARNING,
        "AWS warns of the definition",
        "ValidateStateMachineDefinition gives it as a warning: the machine is made, and may fail.",
        "Mend it, or silence it with a reason.",
    ),
    "LS103": LintCode(
        "ChoiceOnMissingPath",
        WARNING,
        "A Choice compares what may be missing",
        "On AWS an execution ends with States.Runtime when a compared variable is not there; it"
        " does not take Default. LocalStack takes Default.",
        'Ask first: `"And": [{"Variable": "$.x", "IsPresent": true}, {"Variable": "$.x", …}]`; or'
        " compare what is there: the result of `lambda:invoke` is in `$.Payload`.",
    ),
    "LS106": LintCode(
        "ChoiceOnInput",
        NOTE,
        "A Choice compares what the execution's input may lack",
        "As LS103: on AWS an input without it ends as States.Runtime, on LocalStack it takes"
        " Default.",
        "Ask IsPresent first, unless whoever starts the execution always gives it.",
    ),
    "LS104": LintCode(
        "RetryOutlastsTimeout",
        WARNING,
        "A Retry cannot end within the machine's timeout",
        "The waits between attempts alone are longer than TimeoutSeconds: the execution ends as"
        " TIMED_OUT, and neither the last attempts nor a Catch come.",
        "Fewer attempts, a MaxDelaySeconds, or a longer TimeoutSeconds.",
    ),
    "LS105": LintCode(
        "DefinitionTooLong",
        ERROR,
        "A definition has more than 1 MB",
        "CreateStateMachine takes 1,048,576 bytes (Step Functions quotas).",
        "Split it: a nested execution, or a Map instead of repeated states.",
    ),
    "LS201": LintCode(
        "ApostropheInTemplate",
        ERROR,
        "A mapping template breaks on an apostrophe",
        "`$util.escapeJavaScript` writes `'` as `\\'`, which no JSON text may have: AWS answers 400"
        " SerializationException for every body with an apostrophe. LocalStack leaves it alone.",
        'Turn it back: `$util.escapeJavaScript($input.body).replaceAll("\\\\\'","\'")`.',
    ),
    "LS202": LintCode(
        "IntegrationWithoutRole",
        ERROR,
        "An AWS integration has no role",
        'PutIntegration and imports answer "Role ARN must be specified for AWS integrations";'
        " only Lambda can do without, by a policy of the function.",
        "Give `credentials` a role that API Gateway may assume and that allows the one action.",
    ),
    "LS203": LintCode(
        "NoPatternForErrors",
        WARNING,
        "Errors of an integration are answered as success",
        "Without a selection pattern that matches them, the default response takes refusals of the"
        " service too: the client gets 200 with an error in the body.",
        r"Add responses for `4\d{2}` and `5\d{2}`; for a function a pattern of its error messages.",
    ),
    "LS301": LintCode(
        "HardCodedEndpoint",
        ERROR,
        "An emulator's address is written down",
        "On AWS nothing listens there: the call ends in a connection error after its retries.",
        "Leave `endpoint_url` out. SDKs read AWS_ENDPOINT_URL from the environment, where an"
        " emulator sets it and AWS does not.",
    ),
    "LS302": LintCode(
        "WritesBesideItself",
        ERROR,
        "A function writes where its code is",
        "`/var/task` is read-only on AWS: OSError, Read-only file system. A relative path leads"
        " there.",
        "Write to `/tmp`, or to S3.",
    ),
    "LS303": LintCode(
        "MoreThanTmpHolds",
        ERROR,
        "A function writes more than /tmp holds",
        "`/tmp` holds 512 MB unless EphemeralStorage says more: OSError, No space left on device."
        " On a developer's machine it is as large as the disk.",
        "Raise EphemeralStorage (to 10,240 MB), or stream.",
    ),
    "LS304": LintCode(
        "CredentialsInCode",
        ERROR,
        "Credentials are written in the code",
        "Emulators take any, such as `test`; AWS answers InvalidAccessKeyId, and real ones in code"
        " leak.",
        "Leave them out: the function's role gives them.",
    ),
    "LS305": LintCode(
        "EmulatorsAccount",
        WARNING,
        "An emulator's account id is written down",
        "000000000000 is LocalStack's account. An ARN with it names nothing on AWS.",
        "Put the account in: `${AWS::AccountId}` in templates, `sts.get_caller_identity()` in"
        " code.",
    ),
    "LS306": LintCode(
        "MissingPermission",
        ERROR,
        "A role lacks what is called with it",
        "AWS answers AccessDenied. LocalStack stores policies and lets everything pass.",
        "Add the action, on the one resource, to the role's policy.",
    ),
    "LS401": LintCode(
        "SameBucket",
        WARNING,
        "Two buckets are one",
        "A function that writes to the bucket whose objects start it starts itself, again and"
        " again; on AWS that costs money until somebody stops it. Two resources of one name cannot"
        " be made.",
        "Two buckets with names of their own.",
    ),
    "LS402": LintCode(
        "GlobalBucketName",
        NOTE,
        "A bucket's name may be taken",
        "Names of buckets are shared by all accounts of AWS: whoever deploys second gets"
        " BucketAlreadyExists. An emulator has them for itself.",
        "Leave BucketName out, or put `${AWS::AccountId}` or a parameter into it.",
    ),
    "LS403": LintCode(
        "InvalidBucketName",
        ERROR,
        "A bucket's name is none",
        "3 to 63 lower-case letters, digits, dots and hyphens; no address, no reserved prefix (S3"
        " User Guide, bucket naming rules).",
        "Choose another name.",
    ),
    "LS404": LintCode(
        "TooLong",
        ERROR,
        "A name or a policy is longer than AWS takes",
        "Function and role names have 64 characters at most, state machines 80, log groups 512;"
        " the inline policies of a role 10,240 together.",
        "Shorten it, or leave the name to CloudFormation.",
    ),
    "LS405": LintCode(
        "BeyondQuota",
        ERROR,
        "A function's setting is beyond what Lambda has",
        "Timeout 1 to 900 s, MemorySize 128 to 10,240 MB, EphemeralStorage 512 to 10,240 MB,"
        " variables 4,096 bytes together.",
        "Stay within; longer work is for a state machine.",
    ),
    "LS406": LintCode(
        "ReservedVariable",
        ERROR,
        "A variable is Lambda's own",
        "CreateFunction answers InvalidParameterValueException for reserved environment variables.",
        "Leave it out: Lambda sets it.",
    ),
    "LS407": LintCode(
        "MissingFile",
        ERROR,
        "A file that the template names is not there",
        "`sam package` and `sam deploy` fail.",
        "Mend the path; it is relative to the template.",
    ),
    "LS408": LintCode(
        "RoleForAnother",
        ERROR,
        "A role cannot be assumed by the service that is to use it",
        'AWS answers "The role defined for the function cannot be assumed by Lambda", or the like,'
        " when the resource is made.",
        "Name the service in the role's AssumeRolePolicyDocument.",
    ),
    "LS501": LintCode(
        "WrongPlatform",
        ERROR,
        "A library is for another system or processor",
        "Lambda runs Linux on x86_64 or arm64: the import fails with `invalid ELF header` or"
        " `cannot open shared object file`.",
        "Install for it: `pip install --platform manylinux2014_x86_64 --only-binary=:all: …`.",
    ),
    "LS502": LintCode(
        "WrongPython",
        ERROR,
        "A library is for another Python",
        "A module built for one minor version is not found by another: No module named …",
        "Install for the runtime: `pip install --python-version 3.13 --only-binary=:all: …`.",
    ),
    "LS503": LintCode(
        "LargeUpload",
        WARNING,
        "An archive has more than 50 MB",
        "CreateFunction and UpdateFunctionCode take 50 MB zipped in the request; more has to come"
        " from S3.",
        "Upload it to S3 (`sam deploy` does), or leave out what the runtime has.",
    ),
    "LS504": LintCode(
        "TooLarge",
        ERROR,
        "An archive has more than 250 MB unzipped",
        "Lambda takes 262,144,000 bytes, layers included.",
        "Leave out what the runtime has, such as boto3, or deploy a container image.",
    ),
}
