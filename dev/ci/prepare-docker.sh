#!/usr/bin/env bash
# Makes `docker compose` work on a Debian machine that has no container registry: the engine,
# Compose and buildx from Debian's packages, and python:3.13-slim built from Debian's packages where
# it cannot be pulled. Says what it does; a second run, or a machine whose Docker works, is left as
# it is. Packages come from wherever this machine's own apt sources point.
#
#   dev/ci/prepare-docker.sh        make what is missing
#   dev/ci/prepare-docker.sh stop   stop the engine, if this script started it
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
readonly BASE_IMAGE=python:3.13-slim
# Debian's first release whose Compose is version 2.
readonly PLUGIN_RELEASE=trixie
readonly PLUGIN_FOLDER=/usr/local/lib/docker/cli-plugins
readonly ARCHIVE_KEYS=/usr/share/keyrings/debian-archive-keyring.gpg
readonly STATE=/var/lib/image-pipeline-testbed
readonly ENGINE_PID=$STATE/dockerd.pid
readonly ENGINE_LOG=$STATE/dockerd.log

main() {
    if [ "${1:-}" = stop ]; then
        stop_engine
        return
    fi
    have_engine || make_engine
    { have_plugin compose && have_plugin buildx; } || install_plugins
    have_base || make_base
    say "ready: engine $(docker version --format '{{.Server.Version}}')," \
        "Compose $(docker compose version --short), $BASE_IMAGE"
}

have_engine() { docker version >/dev/null 2>&1; }
have_plugin() { docker "$1" version >/dev/null 2>&1; }
have_base() { docker image inspect "$BASE_IMAGE" >/dev/null 2>&1; }

make_engine() {
    command -v apt-get >/dev/null ||
        fail "no Docker engine answers, and this machine has no apt: install Docker yourself"
    need_root "to install and start the Docker engine"
    if ! command -v dockerd >/dev/null || ! command -v iptables >/dev/null; then
        install_engine
    fi
    # Where there is an init system, the package has started it.
    have_engine || start_engine
}

install_engine() {
    local packages=(docker.io iptables)
    apt-get -qq update
    # Debian 13 has the client in a package of its own.
    if ! command -v docker >/dev/null && apt-cache show docker-cli >/dev/null 2>&1; then
        packages+=(docker-cli)
    fi
    say "installing the engine (${packages[*]})"
    install_packages "${packages[@]}"
}

start_engine() {
    say "starting dockerd; its log is $ENGINE_LOG"
    mkdir -p "$STATE"
    setsid dockerd --pidfile "$ENGINE_PID" >"$ENGINE_LOG" 2>&1 </dev/null &
    local child=$! deadline=$((SECONDS + 60))
    until have_engine; do
        kill -0 "$child" 2>/dev/null || fail "dockerd ended: $(tail -n 5 "$ENGINE_LOG")"
        [ "$SECONDS" -lt "$deadline" ] || fail "dockerd did not answer: $(tail -n 5 "$ENGINE_LOG")"
        sleep 0.2
    done
}

stop_engine() {
    local pid
    if ! pid=$(cat "$ENGINE_PID" 2>/dev/null) || ! kill -0 "$pid" 2>/dev/null; then
        say "no engine of this script's is running"
        return
    fi
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    say "the engine is stopped"
}

# Debian's packages of these two are one binary each, which runs on older releases as well.
install_plugins() {
    need_root "to install Compose and buildx for all users"
    say "installing Compose and buildx from Debian $PLUGIN_RELEASE"
    mkdir -p "$PLUGIN_FOLDER"
    local scratch
    scratch=$(mktemp -d)
    (
        cd "$scratch"
        mkdir -p lists/partial sources.d
        echo "deb [signed-by=$ARCHIVE_KEYS] $("$here/debian-mirror.sh") $PLUGIN_RELEASE main" >sources.list
        local apt=(apt-get -qq -o Dir::Etc::sourcelist="$scratch/sources.list"
            -o Dir::Etc::sourceparts="$scratch/sources.d" -o Dir::State::lists="$scratch/lists"
            -o APT::Sandbox::User=root -o Acquire::Languages=none)
        "${apt[@]}" update
        "${apt[@]}" download docker-compose docker-buildx
        for package in ./*.deb; do dpkg -x "$package" .; done
        find usr -type f -path '*/cli-plugins/docker-*' -exec install -m 755 {} "$PLUGIN_FOLDER" \;
    )
    rm -rf "$scratch"
    have_plugin compose || fail "docker finds no Compose in $PLUGIN_FOLDER"
    have_plugin buildx || fail "docker finds no buildx in $PLUGIN_FOLDER"
}

make_base() {
    if docker pull --quiet "$BASE_IMAGE" >/dev/null 2>&1; then
        say "pulled $BASE_IMAGE"
        return
    fi
    need_root "to build $BASE_IMAGE, which cannot be pulled here"
    command -v debootstrap >/dev/null || install_packages debootstrap
    say "building $BASE_IMAGE from Debian's packages, since it cannot be pulled here"
    "$here/base-image.sh" "$BASE_IMAGE"
}

install_packages() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    apt-get -qq install --yes --no-install-recommends "$@" >/dev/null
}

need_root() { [ "$(id -u)" = 0 ] || fail "this needs root $1; run: sudo $0"; }
say() { echo "prepare-docker: $*"; }
fail() {
    echo "prepare-docker: error: $*" >&2
    exit 1
}

main "$@"
