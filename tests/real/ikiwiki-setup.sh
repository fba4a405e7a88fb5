#!/bin/sh
# A private Debian 12 in FOLDER/wiki with ikiwiki and nginx. Usage, as root: ikiwiki-setup.sh FOLDER
# Made once; run again it changes nothing. 77: this machine cannot have it; the last line says why.
set -eu
folder=${1:?usage: ikiwiki-setup.sh FOLDER}
root=$folder/wiki
[ ! -f "$root/srv/made" ] || exit 0
# shellcheck source=tests/real/debian.sh
. "$(dirname "$0")/debian.sh"
debian ikiwiki ikiwiki libtimedate-perl libcgi-pm-perl libcgi-session-perl libcgi-formbuilder-perl nginx-light
touch "$root/srv/made"
