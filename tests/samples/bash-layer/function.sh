# shellcheck shell=bash
# A handler that a runtime in a layer sources: its answer is what it prints.
handler() {
  echo "invoked in $LAMBDA_TASK_ROOT" >&2
  printf '{"echo": %s, "upper": "%s"}' "$1" "$(tr '[:lower:]' '[:upper:]' <<<"$REGION_NOTE")"
}
