#!/bin/sh
# wordpress-setup.sh's Debian. Usage, as root: million-setup.sh FOLDER
exec "$(dirname "$0")/wordpress-setup.sh" "$@"
