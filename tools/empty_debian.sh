#!/bin/sh
# Runs the steps of Containerfile in an empty Debian and asks one question there: tools/empty_debian.sh [FOLDER]
# Outside `make test`: it fetches some 400 MB from Debian and the package index, and takes minutes. Needs root and
# mmdebstrap (apt-get install mmdebstrap). FOLDER (default: one that is removed afterwards) must not exist.
set -eu
here=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
tree=${1:-$(mktemp -du)}

end() {
    for place in dev/shm dev/null dev/urandom proc; do umount "$tree/$place" 2>/dev/null || :; done
    if [ -z "$kept" ]; then rm -rf --one-file-system "$tree"; fi
}
kept=${1:+yes}
trap end EXIT
trap "exit 130" INT TERM
mmdebstrap --variant=apt --quiet "${SUITE:-bookworm}" "$tree"
mkdir "$tree/app"
(cd "$here" && git ls-files -z | tar --null --files-from=- -cf -) | tar -xf - -C "$tree/app"
cp /etc/resolv.conf "$tree/etc/resolv.conf"
for name in /etc/pip.conf /usr/local/share/ca-certificates; do # where this machine has a mirror or its own roots
    if [ -e "$name" ]; then mkdir -p "$tree$(dirname "$name")" && cp -r "$name" "$tree$name"; fi
done
for place in null urandom; do : >>"$tree/dev/$place" && mount --bind "/dev/$place" "$tree/dev/$place"; done
mkdir -p "$tree/dev/shm" && mount -t tmpfs none "$tree/dev/shm"
mount -t proc none "$tree/proc"

inside() { chroot "$tree" env BROWSEAGENT_HOME=/data HOME=/root "$@"; }
inside sh /app/tools/image.sh
cat >"$tree/page.html" <<'END'
<html lang="en"><title>Harwick Light</title><main><h1>Harwick Light</h1>
<p>Harwick Light was built in 1871 by the engineer Thomas Pell.</p></main></html>
END
said=$(inside /app/.venv/bin/browseagent ask "When was Harwick Light built?" /page.html)
echo "$said"
case $said in *1871*) ;; *) echo "empty_debian.sh: that is not the answer" >&2 && exit 1 ;; esac
inside /app/.venv/bin/browseagent worker --help >/dev/null
echo "the steps of Containerfile work in an empty Debian"
