#!/usr/bin/env bash
# Prints the address of the Debian archive that this machine's own apt sources name.
set -euo pipefail

# shellcheck disable=SC2016  # it is apt that fills the fields in
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
    grep -E '/debian/?$' | head -n 1)
if [ -z "$mirror" ]; then
    echo "debian-mirror: error: no Debian archive among this machine's apt sources" >&2
    exit 1
fi
echo "$mirror"
