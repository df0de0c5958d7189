"""What AWS's documentation says of its own example policies: who may do what, and why not.

Each row is one sentence of the IAM User Guide about a policy that stands beside it. Requests carry
the context keys that the sentence is about.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

ACCOUNT = "123456789012"
USER = f"arn:aws:iam::{ACCOUNT}:user/carlossalazar"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/examplerole"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/examplerole/examplerolesessionname"


@dataclasses.dataclass(frozen=True)
class Example:
    """One sentence.

    Attributes:
        page: where it stands.
        action: asked for.
        resource: asked for.
        allowed: what the page says.
        identity: the statements attached to who asks.
        resource_policy: those attached to what is asked for.
        boundary: those of the permissions boundary; None without one.
        session: those of the session policy; None without one.
        context: condition keys of the request.
        caller: the ARN of who asks.
    """

    page: str
    action: str
    resource: str
    allowed: bool
    identity: Sequence[dict[str, Any]] = ()
    resource_policy: Sequence[dict[str, Any]] = ()
    boundary: Sequence[dict[str, Any]] | None = None
    session: Sequence[dict[str, Any]] | None = None
    context: Mapping[str, str | Sequence[str]] = dataclasses.field(default_factory=dict)
    caller: str = USER


def _allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def _all(page: str, shared: dict[str, Any], rows: Sequence[tuple[Any, ...]]) -> list[Example]:
    """Rows of action, resource, allowed, and what else that row has."""
    return [
        Example(page, action, resource, allowed, **{**shared, **(more[0] if more else {})})
        for action, resource, allowed, *more in rows
    ]


_CARLOS = {
    "identity": [
        _allow(
            [
                *("s3:GetBucketLocation", "s3:GetAccountPublicAccessBlock"),
                *("s3:ListAccessPoints", "s3:ListAllMyBuckets"),
            ],
            "arn:aws:s3:::*",
        ),
        _allow("s3:*", ["arn:aws:s3:::carlossalazar/*", "arn:aws:s3:::carlossalazar"]),
        _deny("s3:*", "arn:aws:s3:::*log*"),
    ]
}
_HIS_BUCKET = {
    "resource_policy": [
        _allow(
            "s3:*",
            ["arn:aws:s3:::carlossalazar/*", "arn:aws:s3:::carlossalazar"],
            Principal={"AWS": USER},
        )
    ]
}
_ACROSS = {
    "identity": [
        _allow("s3:ListAllMyBuckets"),
        _allow("s3:*Object*", "arn:aws:s3:::Production/*"),
        _deny("s3:*", ["arn:aws:s3:::*log*", "arn:aws:s3:::*log*/*"]),
    ],
    "context": {"aws:ResourceAccount": "222222222222"},
}
_PRODUCTION = {
    "resource_policy": [
        _allow(
            ["s3:GetObject*", "s3:PutObject*", "s3:ReplicateObject", "s3:RestoreObject"],
            "arn:aws:s3:::Production/*",
            Principal={"AWS": USER},
        )
    ]
}
_REPORTS = {"identity": [_allow(["iam:Get*", "iam:List*"]), _deny("iam:*Report")]}
EVALUATION = [
    *_all(
        "Policy evaluation logic: example identity-based and resource-based policy evaluation",
        _CARLOS,
        [
            ("s3:PutObject", "arn:aws:s3:::carlossalazar-logs/f", False),
            ("s3:PutObject", "arn:aws:s3:::carlossalazar/f", True, _HIS_BUCKET),
            ("s3:PutObject", "arn:aws:s3:::carlossalazar/f", True),
            ("s3:PutObject", "arn:aws:s3:::carlossalazar/f", True, {"identity": [], **_HIS_BUCKET}),
            ("s3:GetBucketLocation", "arn:aws:s3:::other", True),
            ("s3:PutObject", "arn:aws:s3:::other/f", False),
        ],
    ),
    *_all(
        "Policy evaluation logic: the difference between explicit and implicit denies",
        _REPORTS,
        [
            ("iam:GetUser", "*", True),
            ("iam:CreatePolicy", "*", False),
            ("iam:GetOrganizationsAccessReport", "*", False),
            (
                "iam:GenerateCredentialReport",
                "*",
                False,
                {"identity": [*_REPORTS["identity"], _allow("iam:GenerateCredentialReport")]},
            ),
        ],
    ),
    *_all(
        "Cross-account policy evaluation logic: example",
        _ACROSS,
        [
            ("s3:PutObject", "arn:aws:s3:::Production-logs/f", False),
            ("s3:PutObject", "arn:aws:s3:::Production/f", True, _PRODUCTION),
            ("s3:DeleteObject", "arn:aws:s3:::Production/f", False, _PRODUCTION),
            ("s3:PutObject", "arn:aws:s3:::Production/f", False),
        ],
    ),
]

IMPLICIT_DENIES = (
    "Policy evaluation logic: resource-based policies and implicit denies in other policy types"
)
_KEPT = "arn:aws:s3:::b/k"
_NAMED_USER = [_allow("s3:*", Principal={"AWS": USER})]
_NAMED_ROLE = [_allow("s3:*", Principal={"AWS": ROLE})]
_NAMED_SESSION = [_allow("s3:*", Principal={"AWS": SESSION})]
_BY_CONDITION = [_allow("s3:*", Principal="*", Condition={"ArnEquals": {"aws:PrincipalArn": ROLE}})]
_OTHER = {"boundary": [_allow("sqs:*")]}
_OTHER_SESSION = {"session": [_allow("sqs:*")]}
NAMED = [
    *_all(
        IMPLICIT_DENIES,
        {},
        [
            ("s3:GetObject", _KEPT, True, {"resource_policy": _NAMED_USER}),
            ("s3:GetObject", _KEPT, True, {"resource_policy": _NAMED_USER, **_OTHER}),
        ],
    ),
    *_all(
        IMPLICIT_DENIES,
        {"caller": SESSION},
        [
            ("s3:GetObject", _KEPT, True, {"resource_policy": _NAMED_ROLE}),
            ("s3:GetObject", _KEPT, False, {"resource_policy": _NAMED_ROLE, **_OTHER}),
            ("s3:GetObject", _KEPT, False, {"resource_policy": _NAMED_ROLE, **_OTHER_SESSION}),
            ("s3:GetObject", _KEPT, True, {"resource_policy": _NAMED_SESSION, **_OTHER}),
            ("s3:GetObject", _KEPT, True, {"resource_policy": _NAMED_SESSION, **_OTHER_SESSION}),
        ],
    ),
    *_all(
        "Principal: IAM role principals, aws:PrincipalArn with a wildcard",
        {"caller": SESSION, "context": {"aws:PrincipalArn": ROLE}},
        [
            ("s3:GetObject", _KEPT, True, {"resource_policy": _BY_CONDITION, **_OTHER}),
            (
                "s3:GetObject",
                _KEPT,
                False,
                {"resource_policy": _BY_CONDITION, "boundary": [_deny("s3:*")]},
            ),
        ],
    ),
]

_SHIRLEY = {
    "identity": [_allow("iam:CreateUser")],
    "boundary": [_allow(["s3:*", "cloudwatch:*", "ec2:*"])],
}
_MARIAS = {
    "identity": [_allow(["iam:*", "cloudwatch:GetDashboard"]), _allow("s3:ListBucket")],
    "boundary": [
        _allow(
            ["iam:CreateUser", "iam:PutUserPolicy"],
            Condition={
                "StringEquals": {
                    "iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/XCompanyBoundaries"
                }
            },
        ),
        {
            "Effect": "Allow",
            "Action": ["cloudwatch:*", "iam:CreateAccessKey", "iam:CreateLoginProfile"],
            "NotResource": f"arn:aws:iam::{ACCOUNT}:user/Maria",
        },
        _deny("iam:DeleteUserPermissionsBoundary"),
    ],
}
_WITH_BOUNDARY = {
    "context": {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/XCompanyBoundaries"}
}
_NEW_USER = f"arn:aws:iam::{ACCOUNT}:user/new"
BOUNDARIES = [
    *_all(
        "Permissions boundaries for IAM entities",
        _SHIRLEY,
        [
            ("iam:CreateUser", _NEW_USER, False),
            ("s3:GetObject", _KEPT, False),
            ("s3:GetObject", _KEPT, True, {"identity": [_allow("s3:GetObject")]}),
        ],
    ),
    *_all(
        "Permissions boundaries: delegating responsibility to others",
        _MARIAS,
        [
            ("iam:CreateUser", _NEW_USER, False),
            ("iam:CreateUser", _NEW_USER, True, _WITH_BOUNDARY),
            ("iam:CreateAccessKey", _NEW_USER, True),
            ("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/Maria", False),
            ("iam:DeleteUserPermissionsBoundary", _NEW_USER, False),
            ("cloudwatch:GetDashboard", "*", True),
            ("s3:ListBucket", "arn:aws:s3:::b", False),
        ],
    ),
    *_all(
        "Permissions for AssumeRole: passing a session policy",
        {
            "caller": SESSION,
            "identity": [
                _allow("s3:ListBucket", "arn:aws:s3:::productionapp"),
                _allow(
                    ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                    "arn:aws:s3:::productionapp/*",
                ),
            ],
            "session": [
                _allow("s3:ListBucket", "arn:aws:s3:::productionapp"),
                _allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::productionapp/*"),
            ],
        },
        [
            ("s3:PutObject", "arn:aws:s3:::productionapp/f", True),
            ("s3:DeleteObject", "arn:aws:s3:::productionapp/f", False),
            ("s3:DeleteObject", "arn:aws:s3:::productionapp/f", True, {"session": None}),
        ],
    ),
]

_ALL_BUT_IAM = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
_PAYROLL = {
    "Effect": "Deny",
    "Action": "s3:*",
    "NotResource": ["arn:aws:s3:::HRBucket/Payroll", "arn:aws:s3:::HRBucket/Payroll/*"],
}
ELEMENTS = [
    *_all(
        "NotAction with Allow",
        {
            "identity": [
                {"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::*"}
            ]
        },
        [
            ("s3:CreateBucket", "arn:aws:s3:::b", True),
            ("s3:DeleteBucket", "arn:aws:s3:::b", False),
            ("sqs:SendMessage", f"arn:aws:sqs:us-east-2:{ACCOUNT}:q", False),
        ],
    ),
    *_all(
        "NotAction with Allow",
        {"identity": [_ALL_BUT_IAM]},
        [("ec2:StartInstances", "*", True), ("iam:CreateUser", _NEW_USER, False)],
    ),
    *_all(
        "NotAction with Deny",
        {
            "identity": [
                _allow("*"),
                {
                    "Effect": "Deny",
                    "NotAction": "iam:*",
                    "Resource": "*",
                    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
                },
            ]
        },
        [
            ("s3:GetObject", _KEPT, False, {"context": {"aws:MultiFactorAuthPresent": "false"}}),
            ("s3:GetObject", _KEPT, True, {"context": {"aws:MultiFactorAuthPresent": "true"}}),
            ("s3:GetObject", _KEPT, False),
            ("iam:GetUser", _NEW_USER, True),
        ],
    ),
    *_all(
        "NotResource",
        {"identity": [_allow("s3:*"), _PAYROLL]},
        [
            ("s3:GetObject", "arn:aws:s3:::HRBucket/Payroll/f", True),
            ("s3:GetObject", "arn:aws:s3:::HRBucket/Other/f", False),
        ],
    ),
    *_all(
        "Action: the prefix and the action name are case-insensitive",
        {"identity": [_allow("iam:ListAccessKeys")]},
        [("IAM:listaccesskeys", _NEW_USER, True)],
    ),
    *_all(
        "Principal: instead of NotPrincipal with Deny",
        {
            "identity": [_allow("s3:*")],
            "resource_policy": [
                _deny(
                    "s3:*",
                    Principal="*",
                    Condition={
                        "ArnNotEquals": {
                            "aws:PrincipalArn": "arn:aws:iam::444455556666:user/user-name"
                        }
                    },
                )
            ],
        },
        [
            ("s3:GetObject", _KEPT, False, {"context": {"aws:PrincipalArn": USER}}),
            (
                "s3:GetObject",
                _KEPT,
                True,
                {"context": {"aws:PrincipalArn": "arn:aws:iam::444455556666:user/user-name"}},
            ),
        ],
    ),
    *_all(
        "NotPrincipal with Deny",
        {
            "identity": [_allow("s3:*")],
            "resource_policy": [
                {
                    "Effect": "Deny",
                    "NotPrincipal": {"AWS": [USER, f"arn:aws:iam::{ACCOUNT}:root"]},
                    "Action": "s3:*",
                    "Resource": "*",
                }
            ],
        },
        [
            ("s3:GetObject", _KEPT, True),
            ("s3:GetObject", _KEPT, False, {"caller": f"arn:aws:iam::{ACCOUNT}:user/other"}),
        ],
    ),
]

_HOME = {
    "identity": [
        _allow(
            "s3:ListBucket",
            "arn:aws:s3:::BUCKET-NAME",
            Condition={"StringLike": {"s3:prefix": ["", "home/", "home/${aws:username}/"]}},
        ),
        _allow(
            "s3:*",
            [
                "arn:aws:s3:::BUCKET-NAME/home/${aws:username}",
                "arn:aws:s3:::BUCKET-NAME/home/${aws:username}/*",
            ],
        ),
    ]
}
_TEAM = {
    "identity": [
        _allow("s3:*", "arn:aws:s3:::DOC-EXAMPLE-BUCKET-${aws:PrincipalTag/team, 'company-wide'}")
    ]
}
_TAGGED = {
    "identity": [
        _allow("s3:GetObject"),
        _deny(
            "s3:GetObject",
            "arn:aws:s3:::example-bucket/*",
            Condition={
                "StringNotEquals": {"s3:ExistingObjectTag/Team": "${aws:PrincipalTag/Team}"}
            },
        ),
    ]
}


def _named(**keys: str) -> dict[str, Any]:
    return {"context": {"aws:username": "carlossalazar", **keys}}


VARIABLES = [
    *_all(
        "Condition operators: String, a home directory",
        _HOME,
        [
            ("s3:ListBucket", "arn:aws:s3:::BUCKET-NAME", True, _named(**{"s3:prefix": ""})),
            ("s3:ListBucket", "arn:aws:s3:::BUCKET-NAME", True, _named(**{"s3:prefix": "home/"})),
            (
                "s3:ListBucket",
                "arn:aws:s3:::BUCKET-NAME",
                True,
                _named(**{"s3:prefix": "home/carlossalazar/"}),
            ),
            (
                "s3:ListBucket",
                "arn:aws:s3:::BUCKET-NAME",
                False,
                _named(**{"s3:prefix": "home/x/"}),
            ),
            ("s3:GetObject", "arn:aws:s3:::BUCKET-NAME/home/carlossalazar/f", True, _named()),
            ("s3:GetObject", "arn:aws:s3:::BUCKET-NAME/home/x/f", False, _named()),
            ("s3:GetObject", "arn:aws:s3:::BUCKET-NAME/home/carlossalazar/f", False),
        ],
    ),
    *_all(
        "Variables and tags: specifying default values",
        _TEAM,
        [
            (
                "s3:ListBucket",
                "arn:aws:s3:::DOC-EXAMPLE-BUCKET-yellow",
                True,
                {"context": {"aws:PrincipalTag/team": "yellow"}},
            ),
            ("s3:ListBucket", "arn:aws:s3:::DOC-EXAMPLE-BUCKET-yellow", False),
            ("s3:ListBucket", "arn:aws:s3:::DOC-EXAMPLE-BUCKET-company-wide", True),
        ],
    ),
    *_all(
        "Variables and tags: policy variables with no value",
        _TAGGED,
        [
            (
                "s3:GetObject",
                "arn:aws:s3:::example-bucket/k",
                True,
                {"context": {"aws:PrincipalTag/Team": "a", "s3:ExistingObjectTag/Team": "a"}},
            ),
            (
                "s3:GetObject",
                "arn:aws:s3:::example-bucket/k",
                False,
                {"context": {"s3:ExistingObjectTag/Team": "a"}},
            ),
        ],
    ),
]

_TLS = {
    "identity": [_allow("s3:*")],
    "resource_policy": [
        _deny("s3:*", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    ],
}
_MFA_AGE = {
    "identity": [
        _allow(
            "iam:DeactivateMFADevice",
            "arn:aws:iam::*:user/${aws:username}",
            Condition={"NumericLessThanEquals": {"aws:MultiFactorAuthAge": "3600"}},
        )
    ]
}
_INSTANCES = {
    "identity": [
        _allow(
            "ec2:RunInstances",
            Condition={"StringLikeIfExists": {"ec2:InstanceType": ["t1.*", "t2.*", "m3.*"]}},
        )
    ]
}
_THREAD = f"arn:aws:dynamodb:us-east-2:{ACCOUNT}:table/Thread"
_ATTRIBUTES = {
    "identity": [
        _allow(
            "dynamodb:GetItem",
            "arn:aws:dynamodb:*:*:table/Thread",
            Condition={
                "ForAllValues:StringEquals": {"dynamodb:Attributes": ["ID", "Message", "Tags"]}
            },
        )
    ]
}
_FORBIDDEN = {
    "identity": [
        _allow("dynamodb:*"),
        _deny(
            "dynamodb:PutItem",
            "arn:aws:dynamodb:*:*:table/Thread",
            Condition={"ForAnyValue:StringEquals": {"dynamodb:Attributes": ["ID", "PostDateTime"]}},
        ),
    ]
}
_FROM_HERE = {
    "identity": [
        _allow(
            "iam:*AccessKey*",
            f"arn:aws:iam::{ACCOUNT}:user/*",
            Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        )
    ]
}
_LONG_LIVED = {"identity": [_allow("ec2:*", Condition={"Null": {"aws:TokenIssueTime": "true"}})]}
_QUEUE = f"arn:aws:sqs:us-east-2:{ACCOUNT}:q"
_TOPIC = f"arn:aws:sns:us-east-2:{ACCOUNT}:TOPIC-ID"
_FOR_TOPIC = {"identity": [_allow("sqs:*", Condition={"ArnEquals": {"aws:SourceArn": _TOPIC}})]}


def _attributes(*names: str) -> dict[str, Any]:
    return {"context": {"dynamodb:Attributes": list(names)}}


CONDITIONS = [
    *_all(
        "Condition operators: Bool",
        _TLS,
        [
            ("s3:GetObject", _KEPT, False, {"context": {"aws:SecureTransport": "false"}}),
            ("s3:GetObject", _KEPT, True, {"context": {"aws:SecureTransport": "true"}}),
        ],
    ),
    *_all(
        "Condition: the request context",
        _MFA_AGE,
        [
            (
                "iam:DeactivateMFADevice",
                USER,
                True,
                _named(**{"aws:MultiFactorAuthAge": "3600"}),
            ),
            (
                "iam:DeactivateMFADevice",
                USER,
                False,
                _named(**{"aws:MultiFactorAuthAge": "3601"}),
            ),
            ("iam:DeactivateMFADevice", USER, False, _named()),
        ],
    ),
    *_all(
        "Condition operators: …IfExists",
        _INSTANCES,
        [
            ("ec2:RunInstances", "*", True, {"context": {"ec2:InstanceType": "t2.micro"}}),
            ("ec2:RunInstances", "*", False, {"context": {"ec2:InstanceType": "c5.large"}}),
            ("ec2:RunInstances", "*", True),
        ],
    ),
    *_all(
        "Creating a condition with multiple keys or values: ForAllValues",
        _ATTRIBUTES,
        [
            ("dynamodb:GetItem", _THREAD, True, _attributes("ID", "Message", "Tags")),
            ("dynamodb:GetItem", _THREAD, False, _attributes("ID", "UserName")),
            ("dynamodb:GetItem", _THREAD, True),
        ],
    ),
    *_all(
        "Creating a condition with multiple keys or values: ForAnyValue",
        _FORBIDDEN,
        [
            ("dynamodb:PutItem", _THREAD, False, _attributes("PostDateTime", "Message")),
            ("dynamodb:PutItem", _THREAD, True, _attributes("UserName")),
        ],
    ),
    *_all(
        "Condition operators: IpAddress",
        _FROM_HERE,
        [
            ("iam:CreateAccessKey", USER, True, {"context": {"aws:SourceIp": "203.0.113.255"}}),
            ("iam:CreateAccessKey", USER, False, {"context": {"aws:SourceIp": "203.0.114.0"}}),
            ("iam:CreateAccessKey", USER, False),
        ],
    ),
    *_all(
        "Condition operators: Null",
        _LONG_LIVED,
        [
            ("ec2:StartInstances", "*", True),
            (
                "ec2:StartInstances",
                "*",
                False,
                {"context": {"aws:TokenIssueTime": "2020-01-01T00:00:01Z"}},
            ),
        ],
    ),
    *_all(
        "Condition operators: ARN",
        _FOR_TOPIC,
        [
            ("sqs:SendMessage", _QUEUE, True, {"context": {"aws:SourceArn": _TOPIC}}),
            ("sqs:SendMessage", _QUEUE, False, {"context": {"aws:SourceArn": _QUEUE}}),
            ("sqs:SendMessage", _QUEUE, False),
        ],
    ),
]

EXAMPLES = [*EVALUATION, *NAMED, *BOUNDARIES, *ELEMENTS, *VARIABLES, *CONDITIONS]
