"""The settings that an emulator is given: the plugin's switches and LocalStack's own variables.

LocalStack documents its own at https://docs.localstack.cloud/aws/capabilities/config/configuration/.
Here are those that LocalStack 4.14 reads and that mean something where functions run as processes;
what would undo a promise of the testbed is refused, as are those of LAMBDA_* without an effect.
"""

from __future__ import annotations

from testbed.setting import A_NUMBER, A_SWITCH, TEXT, Kind, Setting, matching, one_of

# The commands that start an emulator.
STARTING = (
    *("up", "demo", "reset", "load", "screenshots", "bench"),
    *(
        "test",
        "test-docker",
        "test-browser",
        "test-conformance",
        "test-resilience",
        "test-deploy",
        "soak",
    ),
)
_LEVELS = ("trace-internal", "trace", "debug", "info", "warn", "warning", "error")
_SERVICE = r"\+?[a-z0-9-]+"
_MEASURE = r"-?[a-z][a-z0-9_]*"
# The plugin knows the names, and refuses an unknown one when it starts.
_MEASURES = matching(
    "off, all, a list of names, or all,-name", rf"off|{_MEASURE}(\s*,\s*{_MEASURE})*"
)


_NAMES = matching(
    "names with commas between, such as +sqs,sns", rf"\s*{_SERVICE}(\s*,\s*{_SERVICE})*\s*,?\s*"
)


def _given(
    name: str, text: str, default: str = "", kind: Kind = TEXT, *, container: bool = True
) -> Setting:
    return Setting(name, default, text, kind, emulator=True, container=container, commands=STARTING)


def _number(name: str, text: str, default: str = "") -> Setting:
    return _given(name, text, default, A_NUMBER)


def _switch(name: str, text: str, default: str = "0") -> Setting:
    return _given(name, text, default, A_SWITCH)


VARIABLES: tuple[Setting, ...] = (
    _given(
        "ENGINE",
        "for `embedded`: LocalStack, or LocalEmu, a fork of it (docs/decisions/0018)",
        "localstack",
        kind=one_of("localstack", "localemu"),
        container=False,
    ),
    _switch(
        "PERSIST",
        "whether state outlives the emulator; 0 forgets all at each stop (docs/reliability.md)",
        "1",
    ),
    # The plugin's (plugin/README.md).
    _given("ALLOWED_HOSTS", "names that the emulator answers to beside localhost's"),
    _number("LAMBDA_PROCESS_ENVIRONMENTS", "execution environments at once", "one for each 128 MB"),
    _given(
        "LAMBDA_PROCESS_NODE_MODULES",
        "a `node_modules` whose packages Node's functions find, as on AWS its SDK",
        container=False,
    ),
    _given(
        "LAMBDA_SANDBOX",
        "whether functions run in sandboxes: `auto` where the system allows it, `require`, or `off`"
        " (plugin/README.md)",
        "auto",
        kind=one_of("auto", "require", "off"),
    ),
    _number(
        "STANDALONE_KEPT_EXECUTIONS", "ended executions that are remembered; 0 for all", "5000"
    ),
    _number(
        "STANDALONE_HOLD_S", "slow motion: seconds after which a hold ends (docs/console.md)", "600"
    ),
    _number(
        "STANDALONE_GATEWAY_CONNECTIONS",
        "connections to the emulator at once",
        "half of the descriptors, at most 4096",
    ),
    _given(
        "STANDALONE_ORIGIN_GUARD",
        "`off` lets web pages use the emulator (docs/security.md)",
        "on",
        kind=matching("on or off", "on|off"),
    ),
    _given(
        "IAM",
        "whether policies count: `enforce`, `warn` in the log, or `off` (docs/iam.md)",
        "warn",
        kind=one_of("enforce", "warn", "off"),
    ),
    _given(
        "STANDALONE_PARITY", "`off`, or `all,-name` (docs/differences.md)", "all", kind=_MEASURES
    ),
    _given("TUNING", "`off`, or `all,-name` (docs/decisions/0006)", "all", kind=_MEASURES),
    # LocalStack's.
    _switch("DEBUG", "LocalStack's: 1 for a longer log"),
    _given(
        "LS_LOG",
        "LocalStack's: the level of its log, `trace` to `error`",
        "info",
        kind=one_of(*_LEVELS),
    ),
    _given("LOG_LEVEL_OVERRIDES", "LocalStack's: levels of single loggers, `logger=LEVEL,…`"),
    _switch("DEBUG_HANDLER_CHAIN", "LocalStack's: 1 prints how a request is handled"),
    _switch(
        "INCLUDE_STACK_TRACES_IN_HTTP_RESPONSE",
        "LocalStack's: 1 answers a fault with its traceback",
    ),
    _given(
        "SERVICES",
        "beside the pipeline's own services: `+sqs,sns,cloudformation` (docs/deploying.md)",
        kind=_NAMES,
    ),
    _switch("EAGER_SERVICE_LOADING", "LocalStack's: 1 loads them at the start"),
    _given(
        "EXTRA_CORS_ALLOWED_ORIGINS",
        "LocalStack's, with STANDALONE_ORIGIN_GUARD=off: origins that may use all",
    ),
    _given(
        "EXTRA_CORS_ALLOWED_HEADERS", "LocalStack's, likewise: headers that such pages may send"
    ),
    _given("EXTRA_CORS_EXPOSE_HEADERS", "LocalStack's, likewise: headers that such pages may read"),
    _switch("OPENAPI_VALIDATE_REQUEST", "LocalStack's: 1 checks requests to `/_localstack`"),
    _switch("ALLOW_NONSTANDARD_REGIONS", "LocalStack's: 1 takes any region's name"),
    _switch("PARITY_AWS_ACCESS_KEY_ID", "LocalStack's: 1 makes access key ids as AWS does"),
    _given("OUTBOUND_HTTP_PROXY", "LocalStack's: the proxy for its own requests"),
    _given("OUTBOUND_HTTPS_PROXY", "LocalStack's: likewise, for https"),
    _given(
        "SFN_MOCK_CONFIG",
        "LocalStack's: a mock configuration file; run `<ARN>#<TestCase>` (`embedded`)",
        container=False,
    ),
    _switch(
        "S3_SKIP_SIGNATURE_VALIDATION",
        "LocalStack's: 1 lets every presigned URL pass, 0 also refuses what it cannot check",
        "",
    ),
    _switch("S3_SKIP_KMS_KEY_VALIDATION", "LocalStack's: 0 checks the keys of encryption", "1"),
    _number(
        "LAMBDA_LIMITS_CONCURRENT_EXECUTIONS",
        "LocalStack's: invocations at once; one more is throttled",
        "1000",
    ),
    _number(
        "LAMBDA_LIMITS_MINIMUM_UNRESERVED_CONCURRENCY",
        "LocalStack's: what no function may reserve",
        "100",
    ),
    _number("LAMBDA_LIMITS_TOTAL_CODE_SIZE", "LocalStack's: bytes of all functions' code"),
    _number(
        "LAMBDA_LIMITS_CODE_SIZE_ZIPPED", "LocalStack's: bytes of a function's zip", "52428800"
    ),
    _number(
        "LAMBDA_LIMITS_CODE_SIZE_UNZIPPED", "LocalStack's: bytes of what is in it", "262144000"
    ),
    _number(
        "LAMBDA_LIMITS_CREATE_FUNCTION_REQUEST_SIZE",
        "LocalStack's: bytes of a CreateFunction request",
    ),
    _number(
        "LAMBDA_LIMITS_MAX_FUNCTION_ENVVAR_SIZE_BYTES",
        "LocalStack's: bytes of a function's variables",
        "4096",
    ),
    _number("LAMBDA_KEEPALIVE_MS", "LocalStack's: how long an environment idles", "600000"),
    _number(
        "LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT",
        "LocalStack's: seconds in which an environment must be there",
    ),
    _number(
        "LAMBDA_RETRY_BASE_DELAY",
        "LocalStack's: seconds until an asynchronous invocation is tried again",
        "60",
    ),
    _switch("LAMBDA_RUNTIME_VALIDATION", "LocalStack's: 1 refuses runtimes that AWS has retired"),
    _switch("LAMBDA_SYNCHRONOUS_CREATE", "LocalStack's: 1 waits until a function is active"),
    _switch("LAMBDA_DISABLE_AWS_ENDPOINT_URL", "LocalStack's: 1 gives functions no endpoint"),
    _number("LAMBDA_TRUNCATE_STDOUT", "LocalStack's: characters of a function's line in its log"),
)
_PROCESSES = "functions run as processes here, and it is about containers"
_LOOPBACK = "the testbed listens on 127.0.0.1 alone; PORT chooses the port"
_DROPPED = "LocalStack 4 reads it no more"
REFUSED: dict[str, str] = {
    "LAMBDA_RUNTIME_EXECUTOR": "functions run as processes here; Docker's way needs its socket",
    "LAMBDA_PROCESS_RUNTIMES": "the testbed names the Pythons that it has made environments for",
    "GATEWAY_LISTEN": _LOOPBACK,
    "EDGE_BIND_HOST": _LOOPBACK,
    "EDGE_PORT": _LOOPBACK,
    "GATEWAY_SERVER": "TUNING=all,-threaded_gateway chooses LocalStack's own server",
    "LOCALSTACK_HOST": "the addresses that are given out are the testbed's own; see PORT",
    "DISABLE_CORS_CHECKS": "any web page could use the emulator; see docs/decisions/0008",
    "STRICT_SERVICE_LOADING": "SERVICES alone says what is served",
    "PERSISTENCE": "LocalStack's community edition has none; PERSIST is the testbed's",
    "STANDALONE_PERSISTENCE": "STATE_DIR is where all is kept; PERSIST=0 keeps no state",
    "FILESYSTEM_ROOT": "STATE_DIR is where all is kept",
    "LOCALSTACK_VOLUME_DIR": "STATE_DIR is where all is kept",
    "STANDALONE_LIFELINE": "it is between the testbed's own processes",
    "STANDALONE_SNAPSHOT": "it is between the testbed's own processes",
    "LAMBDA_DEBUG_MODE": "`make debug` runs the function under a debugger",
    "LAMBDA_DEBUG_MODE_CONFIG": "`make debug` runs the function under a debugger",
    "LAMBDA_DOCKER_DNS": _PROCESSES,
    "LAMBDA_DOCKER_FLAGS": _PROCESSES,
    "LAMBDA_DOCKER_NETWORK": _PROCESSES,
    "LAMBDA_IGNORE_ARCHITECTURE": _PROCESSES,
    "LAMBDA_INIT_BIN_PATH": _PROCESSES,
    "LAMBDA_INIT_BOOTSTRAP_PATH": _PROCESSES,
    "LAMBDA_INIT_DEBUG": _PROCESSES,
    "LAMBDA_INIT_DELVE_PATH": _PROCESSES,
    "LAMBDA_INIT_DELVE_PORT": _PROCESSES,
    "LAMBDA_INIT_POST_INVOKE_WAIT_MS": _PROCESSES,
    "LAMBDA_INIT_RELEASE_VERSION": _PROCESSES,
    "LAMBDA_INIT_USER": _PROCESSES,
    "LAMBDA_PREBUILD_IMAGES": _PROCESSES,
    "LAMBDA_REMOVE_CONTAINERS": _PROCESSES,
    "LAMBDA_RUNTIME_IMAGE_MAPPING": _PROCESSES,
    "LAMBDA_JAVA_OPTS": "LocalStack 4 uses it nowhere",
    "LAMBDA_LIMITS_MAX_FUNCTION_PAYLOAD_SIZE_BYTES": "the limit is AWS's, 6 MB",
    "LAMBDA_RETRY_BASE_DELAY_SECONDS": "LocalStack 4.14 reads LAMBDA_RETRY_BASE_DELAY instead",
    "LAMBDA_EVENTS_INTERNAL_SQS": _DROPPED,
    "LAMBDA_EVENT_SOURCE_MAPPING": _DROPPED,
    "LAMBDA_SQS_EVENT_SOURCE_MAPPING_INTERVAL": _DROPPED,
}
