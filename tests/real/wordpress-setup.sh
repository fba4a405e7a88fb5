#!/bin/sh
# A private Debian 12 in FOLDER/root with WordPress, PHP and MariaDB. Usage, as root: wordpress-setup.sh FOLDER
# Made once; run again it changes nothing. 77: this machine cannot have it; the last line says why.
set -eu
folder=${1:?usage: wordpress-setup.sh FOLDER}
root=$folder/root
[ ! -f "$root/srv/made-with-theme" ] || exit 0
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
command -v debootstrap >/dev/null || cannot "debootstrap is missing (tools/setup test installs it)"
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
			wordpress wordpress-theme-twentytwentythree php-cli php-mysql php-xml php-mbstring mariadb-server
}
again fill || cannot "WordPress cannot be installed in it: the mirror fails"
chroot "$root" sh -c 'rm -rf /srv/www && mkdir /srv/www && cp -rL /usr/share/wordpress/. /srv/www/ && rm -f /srv/www/wp-config.php'
touch "$root/srv/made-with-theme"
