#!/bin/sh
# Runs the steps of Containerfile in an empty Debian and asks a question there, of a page on loopback that its own
# Chromium renders, as the user of the image: tools/empty_debian.sh [FOLDER]
# Outside `make test`: it fetches some 500 MB from Debian and the package index, and takes two minutes and more. Needs
# root and mmdebstrap. FOLDER (default: one that is removed afterwards) must not exist. SUITE=trixie takes that Debian.
set -eu
here=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
suite=${SUITE:-bookworm}
fail() { echo "empty_debian.sh: $*" >&2 && exit 2; }
[ "$(id -u)" = 0 ] || fail "root is needed, to change into another tree: sudo sh tools/empty_debian.sh"
command -v mmdebstrap >/dev/null || fail "mmdebstrap is needed: apt-get install mmdebstrap"
[ -z "${1:-}" ] || [ ! -e "$1" ] || fail "$1 is there already; name a folder that is not"
tree=${1:-$(mktemp -du)}
kept=${1:+yes}

began=$(date +%s)
doing=
step() { doing=$* && echo "=== $doing ($(($(date +%s) - began)) s)"; }
end() {
    status=$?
    if [ -n "${pages:-}" ]; then kill "$pages" 2>/dev/null || :; fi
    for place in dev/shm dev/null dev/urandom proc sys; do umount "$tree/$place" 2>/dev/null || :; done
    if [ -z "$kept" ]; then rm -rf --one-file-system "$tree"; fi
    if [ "$status" != 0 ]; then echo "empty_debian.sh: this step failed: $doing" >&2; fi
}
trap end EXIT
trap "exit 130" INT TERM

step "an empty Debian $suite, from the Debian archive (deb.debian.org)"
mmdebstrap --variant=apt --quiet "$suite" "$tree"
mkdir "$tree/app"
(cd "$here" && git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- -cf -) | tar -xf - -C "$tree/app"
cp /etc/resolv.conf "$tree/etc/resolv.conf"
for name in /etc/pip.conf /usr/local/share/ca-certificates; do # where this machine has a mirror or its own roots
    if [ -e "$name" ]; then mkdir -p "$tree$(dirname "$name")" && cp -r "$name" "$tree$name"; fi
done
for place in null urandom; do : >>"$tree/dev/$place" && mount --bind "/dev/$place" "$tree/dev/$place"; done
mkdir -p "$tree/dev/shm" && mount -t tmpfs -o mode=1777 none "$tree/dev/shm"
mount -t proc none "$tree/proc"
mount --bind -o ro /sys "$tree/sys"

step "tools/image.sh in it, from the Debian archive and the package index (pypi.org)"
chroot "$tree" env BROWSEAGENT_HOME=/data HOME=/root sh /app/tools/image.sh

step "a page on loopback"
mkdir "$tree/page"
cat >"$tree/page/index.html" <<'END'
<html lang="en"><title>Harwick Light</title><main><h1>Harwick Light</h1><p id="when"></p></main>
<script>document.getElementById("when").textContent =
    ["Harwick Light was built in", 1870 + 1, "by the engineer Thomas Pell."].join(" ")</script></html>
END
inside="chroot --userspec=browseagent $tree env BROWSEAGENT_HOME=/data HOME=/data" # no function: $! is to be the server
: >"$tree/page.log"
$inside /app/.venv/bin/python -u -m http.server --bind 127.0.0.1 --directory /page 0 >"$tree/page.log" 2>&1 &
pages=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
    address=$(sed -n 's/^Serving HTTP on .*(\(http:.*\)).*$/\1/p' "$tree/page.log")
    if [ -n "$address" ]; then break; fi
    sleep 1
done
[ -n "$address" ] || fail "the page is not served: $(cat "$tree/page.log")"

step "one question"
said=$($inside timeout 300 /app/.venv/bin/browseagent ask --via chromium "When was Harwick Light built?" "$address")
echo "$said"
case $said in 1871*) ;; *) fail "the answer is 1871" ;; esac

step "the worker's command"
$inside /app/.venv/bin/browseagent worker --help >/dev/null
step "the steps of Containerfile work in an empty Debian $suite"
