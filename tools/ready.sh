#!/bin/sh
# Says by its exit status whether set-up is done, in milliseconds:
#   ready.sh package [KIND]   .venv holds browseagent as pyproject.toml describes it, and a Chromium was found
#   ready.sh model [KIND]     the same, and the embedded model is in the data folder
# KIND is the least that .venv must be: small (no torch), full, dev (the developers' tools too).
# What set-up itself asks and notes:
#   ready.sh kind             prints what .venv was last set up as; nothing where it was not
#   ready.sh note KIND        begins: .venv is to be of this kind, and is not ready
#   ready.sh done             .venv is what was noted, and ready
#   ready.sh fetched          the model is in the data folder
#   ready.sh home             prints the data folder
#
# Two things, kept apart: the environment's state is in .venv, the model's in the data folder, so two data
# folders (or two checkouts) that are used in turn need nothing set up again. Both notes hold hashes of what
# they depend on; they are replaced atomically.
set -eu
here=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
venv=$here/.venv
state=$venv/.set-up  # "KIND HASH", the hash of what was installed; "KIND -" while it is being installed

replace() { cat >"$1.$$" && mv -f "$1.$$" "$1"; }
hash() { sha256sum | cut -c1-64; }

# As platformdirs has it (browseagent/config.py, default_home).
home() {
    if [ -n "${BROWSEAGENT_HOME:-}" ]; then
        case $BROWSEAGENT_HOME in
            "~" | "~/"*) printf '%s\n' "$HOME${BROWSEAGENT_HOME#\~}" ;;
            *) printf '%s\n' "$BROWSEAGENT_HOME" ;;
        esac
    elif [ "$(uname)" = Darwin ]; then
        printf '%s\n' "$HOME/Library/Application Support/browseagent"
    else
        printf '%s\n' "${XDG_DATA_HOME:-$HOME/.local/share}/browseagent"
    fi
}

kind=- noted=-
if [ -f "$state" ]; then read -r kind noted <"$state" || :; fi

package_hash() {
    { printf '%s\n' "$here" && cat "$here/pyproject.toml" "$here/requirements-small.txt"; } | hash
}
at_least() { # at_least HAD WANTED
    case $1-$2 in
        small-small | full-small | full-full | dev-small | dev-full | dev-dev) ;;
        *) return 1 ;;
    esac
}
package_ready() { # package_ready [KIND]
    # The link to Python dangles after an upgrade of the system's.
    [ -x "$venv/bin/browseagent" ] && [ -x "$venv/bin/python" ] &&
        at_least "$kind" "${1:-small}" && [ "$noted" = "$(package_hash)" ]
}

# The model here is the one that this version wants: fetched, and looked at, by these very files. A change to any
# of them has `model fetch` look again, which takes a second where the model is right. Eight notes are kept,
# because several checkouts may use one data folder.
models=$(home)/models
notes=$models/embedded.fetched
card=$models/embedded/card.json
model_hash() { cat "$card" "$here"/browseagent/model/*.py "$here"/browseagent/model/*.json | hash; }
model_ready() { [ -f "$card" ] && [ -f "$notes" ] && grep -qxF "$(model_hash)" "$notes"; }

case $1 in
    package) package_ready "${2:-}" ;;
    model) package_ready "${2:-}" && model_ready ;;
    kind) [ "$kind" = - ] || printf '%s\n' "$kind" ;;
    note) printf '%s -\n' "$2" | replace "$state" ;;
    done) printf '%s %s\n' "$kind" "$(package_hash)" | replace "$state" ;;
    fetched) { model_hash && if [ -f "$notes" ]; then head -n 7 "$notes"; fi; } | replace "$notes" ;;
    home) home ;;
    *) echo "ready.sh: no such question: $1" >&2 && exit 2 ;;
esac
