from __future__ import annotations

import dataclasses
import json

from localstack_standalone.lambda_process import failures, platform_lines
from localstack_standalone.lambda_process.platform_lines import JsonLines, Report, TextLines

WARM = Report("id", duration_ms=12.345, memory_mb=128, max_memory_mb=36)
COLD = Report("id", duration_ms=1.9, memory_mb=128, max_memory_mb=36, init_ms=105.62)


def test_a_report_in_text() -> None:
    """REPORT reads as AWS writes it, with tabs between and at its end."""
    expected = (
        "REPORT RequestId: id\tDuration: 12.35 ms\tBilled Duration: 13 ms\t"
        "Memory Size: 128 MB\tMax Memory Used: 36 MB\t"
    )
    assert expected.replace("12.35", f"{12.345:.2f}") == TextLines().report(WARM)


def test_a_cold_start_is_billed() -> None:
    """Since August 2025 the init duration is part of the billed one."""
    text = TextLines().report(COLD)
    assert text is not None
    assert "Billed Duration: 108 ms" in text
    assert text.endswith("Init Duration: 105.62 ms\t")


def test_a_report_of_a_failure() -> None:
    """An environment that failed has its status and the error's type behind the rest."""
    text = TextLines().report(
        dataclasses.replace(WARM, status="error", error_type="Runtime.ExitError")
    )
    assert text is not None
    assert text.endswith("\tStatus: error\tError Type: Runtime.ExitError\t")


def test_a_report_in_json() -> None:
    """platform.report has its metrics by name and a status."""
    line = JsonLines().report(COLD)
    assert line is not None
    event = json.loads(line)
    assert "platform.report" == event["type"]
    expected = {
        "durationMs": 1.9,
        "billedDurationMs": 108,
        "memorySizeMB": 128,
        "maxMemoryUsedMB": 36,
        "initDurationMs": 105.62,
    }
    assert {"requestId": "id", "metrics": expected, "status": "success"} == event["record"]


def test_warn_leaves_only_what_went_wrong() -> None:
    """With SystemLogLevel WARN a good invocation has no line of the platform's."""
    lines = platform_lines.of({"LogFormat": "JSON", "SystemLogLevel": "WARN"})
    assert (None, None) == (lines.start("id", "$LATEST"), lines.report(WARM))
    late = Report("id", duration_ms=1, memory_mb=128, max_memory_mb=1, status="timeout")
    assert '"status":"timeout"' in (lines.report(late) or "")


def test_exits_read_as_on_aws() -> None:
    """Exit codes, signals and an exit without a reason, in the words of AWS's sandbox."""
    assert "Runtime exited with error: exit status 3" == failures.describe_exit(3 << 8)
    assert "Runtime exited with error: signal: killed" == failures.describe_exit(9)
    assert "Runtime exited with error: signal: segmentation fault" == failures.describe_exit(11)
    assert "Runtime exited without providing a reason" == failures.describe_exit(0)
