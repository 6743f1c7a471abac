#!/bin/sh
# Says by its exit status whether set-up is done: ready.sh package|model|dev [--stamp]
# A stamp holds the hash of what the set-up depends on; --stamp writes it (atomically).
#   package  .venv holds browseagent as pyproject.toml describes it, and a Chromium was found
#   dev      the same with the developers' tools
#   model    the embedded model is in $BROWSEAGENT_HOME
set -eu
here=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
venv=$here/.venv

key() {
    case $1 in
        model) printf '%s' "${BROWSEAGENT_HOME:-default}" | sha256sum | cut -c1-64 ;;
        *) { cat "$here/pyproject.toml" && printf '%s' "$here"; } | sha256sum | cut -c1-64 ;;
    esac
}
stamped() {
    [ -f "$venv/.stamp-$1" ] && [ "$(cat "$venv/.stamp-$1")" = "$(key "$1")" ]
}
if [ "${2:-}" = --stamp ]; then
    key "$1" >"$venv/.stamp-$1.part" && mv "$venv/.stamp-$1.part" "$venv/.stamp-$1"
    exit 0
fi
[ -x "$venv/bin/browseagent" ] || exit 1
case $1 in
    dev) stamped dev ;;
    package) stamped dev || stamped package ;;
    model) { stamped dev || stamped package; } && stamped model ;;
    *) echo "ready.sh: package, model or dev, not $1" >&2 && exit 2 ;;
esac
