#!/bin/sh
# Makes the checkout runnable: setup.sh package|model [small|full|dev] [--quiet]
#   package  .venv with browseagent in it, and a Chromium
#   model    the same, and the embedded model
# small leaves PyTorch out, full has it (built for the CPU), dev has the developers' tools too. What is there is
# kept: small becomes full when that is asked for, full stays full; without a word it stays what it is, and is
# full at first. --quiet: says only what is fetched, how large it is, and what fails.
# Safe to interrupt and to run again, and to run twice at once. What needs Python only is in setup.py.
set -eu
here=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
venv=$here/.venv
unfinished=$here/.venv.unfinished
PATH=$PATH:/usr/sbin:/sbin
export PATH

what=$1 && shift
asked= quiet=
for word in "$@"; do
    case $word in
        small | full | dev) asked=$word ;;
        --quiet) quiet=--quiet ;;
        *) echo "setup.sh: what is $word?" >&2 && exit 2 ;;
    esac
done

say() { echo "browse: $*" >&2; }
tell() { if [ -z "$quiet" ]; then say "$*"; fi; }
fail() { say "$*" && exit 2; }
ready() { sh "$here/tools/ready.sh" "$@"; }

find_python() {
    for name in python3 python3.13 python3.12 python3.11 python3.14 /usr/bin/python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name" && return
        fi
    done
    fail "Python 3.11 or newer is needed: apt-get install python3 python3-venv"
}

need_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "installing Debian's python3-venv (about 8 MB)"
        export DEBIAN_FRONTEND=noninteractive
        timeout 900 apt-get update -qq && timeout 900 apt-get install -qq -y python3-venv
    fi
    "$1" -c 'import ensurepip, venv' 2>/dev/null || fail "$1 cannot make virtual environments: sudo apt-get install python3-venv"
}

# What .venv is to become: what was asked for, or more where more is there.
kind_wanted() {
    had=$(ready kind)
    if [ -z "$had" ] && [ -f "$venv/.stamp-dev" ]; then had=dev; fi # as set-up noted it until December 2026
    case ${asked:-none}-${had:-none} in
        *-dev | dev-*) echo dev ;;
        full-* | *-full | none-none) echo full ;;
        *) echo small ;;
    esac
}

make_venv() {
    # A set-up that was killed while it installed may have left half a package that pip takes for whole.
    if [ -e "$unfinished" ]; then
        say "the last set-up was interrupted; starting again"
        rm -rf "$venv"
    fi
    python=$(find_python)
    : >"$unfinished"
    if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
        need_venv_module "$python"
        tell "making $venv with $("$python" -V)"
        rm -rf "$venv"
        "$python" -m venv "$venv"
    fi
    ready note "$kind"
}

install_package() {
    kind=$(kind_wanted)
    make_venv
    "$venv/bin/python" "$here/tools/setup.py" install "$kind" $quiet --editable "$here"
    rm -f "$unfinished" "$venv"/.stamp-*
    "$venv/bin/python" "$here/tools/setup.py" chromium $quiet
    ready "done"
}

fetch_model() {
    if [ ! -f "$(ready home)/models/embedded/card.json" ]; then
        say "fetching the embedded model (93 MB) into $(ready home)/models"
    fi
    "$venv/bin/browseagent" model fetch $quiet
    ready fetched
}

megabytes() { du -sk "$1" 2>/dev/null | { read -r kilobytes _ && echo $((kilobytes * 1024 / 1000000)); }; }
tell_what_is_kept() {
    tell "$(megabytes "$venv") MB are kept in $venv"
    models=$(ready home)/models
    if [ -d "$models" ]; then tell "$(megabytes "$models") MB are kept in $models"; fi
    cache=$("$venv/bin/python" -m pip cache dir 2>/dev/null || :)
    if [ -d "$cache" ]; then
        tell "pip keeps what it fetched in $cache as well; \`$venv/bin/pip cache purge\` empties that"
    fi
}

# The lock is held by this shell and what it starts, so it lasts until the last of them has ended.
if command -v flock >/dev/null; then
    exec 9>"$here/.venv.lock"
    if ! flock -n 9; then
        say "another set-up is running in $here; waiting for it"
        flock -w 3600 9 || fail "the other set-up did not end within an hour"
    fi
else
    say "there is no flock here: do not run two set-ups at once"
fi
if ready "$what" $asked; then exit 0; fi
if ! ready package $asked; then install_package; fi
if [ "$what" = model ] && ! ready model; then fetch_model; fi
tell_what_is_kept
