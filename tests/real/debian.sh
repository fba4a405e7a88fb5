# shellcheck shell=sh disable=SC2154 # root is the reader's
# What the setups of the private Debians share; read by them (`.`), with $root set: the Debian's folder, which is theirs alone.
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
bootstrap() {
	rm -rf "$root"
	debootstrap --variant=minbase bookworm "$root"
}
fill() {
	# shellcheck disable=SC2086 # a list of packages
	chroot "$root" apt-get update -qq &&
		DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y -qq --no-install-recommends $packages
}
# debian WHAT PACKAGES…: makes it, with these packages of Debian's; no package starts a service
debian() {
	what=$1
	shift
	packages=$*
	[ "$(id -u)" -eq 0 ] || cannot "a Debian of its own needs root"
	command -v debootstrap >/dev/null || cannot "debootstrap is missing (tools/setup test installs it)"
	mkdir -p "$(dirname "$root")"
	again bootstrap || cannot "debootstrap fails: no way to a Debian mirror, or no right to chroot here"
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" # as this machine reaches its packages
	[ ! -f /etc/resolv.conf ] || cp /etc/resolv.conf "$root/etc/resolv.conf"
	again fill || cannot "$what cannot be installed in it: the mirror fails"
}
