#!/bin/sh
# Makes an empty Debian run browseagent, as root: what ./browse does on its first run, the packages of workers, and
# a user of its own, browseagent, who owns the data folder (BROWSEAGENT_HOME, default /var/lib/browseagent).
# The steps of Containerfile and of docs/systemd; tools/empty_debian.sh checks them.
set -eu
here=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
export BROWSEAGENT_HOME="${BROWSEAGENT_HOME:-/var/lib/browseagent}"

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq -o APT::Update::Error-Mode=any # an archive that is not reached is no empty one
apt-get install -qq -y --no-install-recommends ca-certificates passwd python3 python3-venv
id browseagent >/dev/null 2>&1 || useradd --system --home-dir "$BROWSEAGENT_HOME" browseagent
sh "$here/tools/setup.sh" model small </dev/null
"$here/.venv/bin/python" "$here/tools/setup.py" extra workers
chown -R browseagent "$BROWSEAGENT_HOME"
apt-get clean
rm -rf /var/lib/apt/lists/*
