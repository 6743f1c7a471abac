#!/bin/sh
# Makes an empty Debian run browseagent, as root: what ./browse does on its first run, and the packages of workers.
# The steps of Containerfile; tools/empty_debian.sh checks them.
set -eu
here=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq -y --no-install-recommends ca-certificates python3 python3-venv
sh "$here/tools/setup.sh" model small </dev/null
"$here/.venv/bin/python" "$here/tools/setup.py" extra workers
apt-get clean
rm -rf /var/lib/apt/lists/*
