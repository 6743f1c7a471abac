#!/bin/sh
# Runs browseagent on the database of compose.yaml; the password stands in a file and on no command line.
set -eu
here=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
PGPASSWORD=$(cat /run/secrets/password)
export PGPASSWORD
export BROWSEAGENT_DATABASE=postgresql://browseagent@database/browseagent
exec "$here/.venv/bin/browseagent" "$@"
