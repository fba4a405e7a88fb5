#!/bin/sh
# A private Debian 12 in FOLDER/root with WordPress, PHP and MariaDB. Usage, as root: wordpress-setup.sh FOLDER
# Made once; run again it changes nothing.
set -eu
folder=${1:?usage: wordpress-setup.sh FOLDER}
root=$folder/root
[ ! -f "$root/srv/made-with-theme" ] || exit 0
command -v debootstrap >/dev/null || {
	echo "debootstrap is missing (apt-get install debootstrap)" >&2
	exit 2
}
debootstrap --variant=minbase bookworm "$root"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # no package starts a service
chmod 755 "$root/usr/sbin/policy-rc.d"
cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" # as this machine reaches its packages
[ ! -f /etc/resolv.conf ] || cp /etc/resolv.conf "$root/etc/resolv.conf"
chroot "$root" apt-get update -qq
DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y -qq --no-install-recommends \
	wordpress wordpress-theme-twentytwentythree php-cli php-mysql php-xml php-mbstring mariadb-server
chroot "$root" sh -c 'rm -rf /srv/www && mkdir /srv/www && cp -rL /usr/share/wordpress/. /srv/www/ && rm -f /srv/www/wp-config.php'
touch "$root/srv/made-with-theme"
