#!/usr/bin/env bash
# Builds a stand-in for the official python:3.13-slim from Debian's packages, under the name $1.
#
# Like the official image it is Debian trixie with python and pip in /usr/local/bin. It also trusts
# whatever certificate authorities this machine trusts, so it is for this machine alone.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
readonly NAME=$1 RELEASE=trixie PYTHON=python3.13
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

debootstrap --variant=minbase --include=ca-certificates,$PYTHON,$PYTHON-venv \
    "$RELEASE" "$root" "$("$here/debian-mirror.sh")" >"$root.log" 2>&1 ||
    { tail -n 20 "$root.log" >&2; exit 1; }
rm -f "$root.log"
chroot "$root" "$PYTHON" -m venv /usr/local
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,locale,man}/*
tar --create --directory "$root" . |
    docker import --change 'ENV LANG=C.UTF-8' --change 'CMD ["python3"]' - "$NAME" >/dev/null
