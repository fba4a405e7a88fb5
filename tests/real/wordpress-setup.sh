#!/bin/sh
# A private Debian 12 in FOLDER/root with WordPress, PHP and MariaDB. Usage, as root: wordpress-setup.sh FOLDER
# Made once; run again it changes nothing. 77: this machine cannot have it; the last line says why.
set -eu
folder=${1:?usage: wordpress-setup.sh FOLDER}
root=$folder/root
[ ! -f "$root/srv/made-with-theme" ] || exit 0
# shellcheck source=tests/real/debian.sh
. "$(dirname "$0")/debian.sh"
debian WordPress wordpress wordpress-theme-twentytwentythree php-cli php-mysql php-xml php-mbstring mariadb-server
chroot "$root" sh -c 'rm -rf /srv/www && mkdir /srv/www && cp -rL /usr/share/wordpress/. /srv/www/ && rm -f /srv/www/wp-config.php'
touch "$root/srv/made-with-theme"
