#!/bin/sh
# Makes the checkout runnable: setup.sh package|model|dev
#   package  .venv with browseagent in it (CPU torch), and a Chromium
#   model    the same, and the embedded model
#   dev      the same, and the developers' tools
# Safe to interrupt and to run again, and to run twice at once. What needs Python only is in setup.py.
set -eu
what=$1
here=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
venv=$here/.venv
unfinished=$here/.venv.unfinished
PATH=$PATH:/usr/sbin:/sbin
export PATH

say() { echo "browse: $*" >&2; }
fail() { say "$*" && exit 2; }
is_ready() {
    case $what in
        dev) sh "$here/tools/ready.sh" dev && sh "$here/tools/ready.sh" model ;;
        *) sh "$here/tools/ready.sh" "$what" ;;
    esac
}

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
if is_ready; then exit 0; fi

# A set-up that was killed while it installed may have left half a package that pip takes for whole.
if [ -e "$unfinished" ]; then
    say "the last set-up was interrupted; starting again"
    rm -rf "$venv"
fi
python=$(find_python)
: >"$unfinished"
if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    need_venv_module "$python"
    say "making $venv with $("$python" -V)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi
extra=
[ "$what" = dev ] && extra='[dev]'
"$venv/bin/python" "$here/tools/setup.py" install --editable "$here$extra"
rm -f "$unfinished"
"$venv/bin/python" "$here/tools/setup.py" chromium
case $what in
    dev) sh "$here/tools/ready.sh" dev --stamp ;;
    *) sh "$here/tools/ready.sh" package --stamp ;;
esac
if [ "$what" != package ]; then
    "$venv/bin/browseagent" model fetch
    sh "$here/tools/ready.sh" model --stamp
fi
