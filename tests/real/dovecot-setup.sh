#!/bin/sh
# A private Debian 12 in FOLDER/mail with Dovecot. Usage, as root: dovecot-setup.sh FOLDER
# Made once; run again it changes nothing. 77: this machine cannot have it; the last line says why.
set -eu
folder=${1:?usage: dovecot-setup.sh FOLDER}
root=$folder/mail
[ ! -f "$root/srv/made" ] || exit 0
# shellcheck source=tests/real/debian.sh
. "$(dirname "$0")/debian.sh"
debian Dovecot dovecot-imapd openssl
touch "$root/srv/made"
