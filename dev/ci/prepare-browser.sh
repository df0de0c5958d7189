#!/usr/bin/env bash
# Makes sure that a Chromium is there for `make test-browser`: on a Debian machine without one,
# Debian's own, from wherever this machine's apt sources point.
set -euo pipefail

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then
        echo "prepare-browser: $name is there"
        exit 0
    fi
done
if ! command -v apt-get >/dev/null; then
    echo "prepare-browser: error: no Chromium here, and no apt-get to install it with" >&2
    exit 1
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    chromium fonts-dejavu-core >/dev/null
echo "prepare-browser: Debian's chromium is installed"
