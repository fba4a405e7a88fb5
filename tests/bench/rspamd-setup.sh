#!/bin/sh
# A private Debian 12 in FOLDER/rspamd with rspamd. Usage, as root: rspamd-setup.sh FOLDER
# Made once; run again it changes nothing. 77: this machine cannot have it; the last line says why.
set -eu
folder=${1:?usage: rspamd-setup.sh FOLDER}
root=$folder/rspamd
[ ! -f "$root/srv/made" ] || exit 0
# shellcheck source=tests/real/debian.sh
. "$(dirname "$0")/../real/debian.sh"
debian rspamd rspamd
touch "$root/srv/made"
