# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of `tocsin` for bash: commands, the verbs of those that have some, files, and the options of the help.
_tocsin() {
	local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]:-} list=
	COMPREPLY=()
	[ "$COMP_CWORD" -ne 2 ] || case $command in
	rules | règles) list=$(tocsin help rules 2>/dev/null | grep -oE 'tocsin rules [a-z|]+' | cut -d' ' -f3 | tr '|' '\n') ;;
	policy | plan) list="check test" ;;
	trend | tendance) list="series topics volumes adopt" ;;
	connect | raccorder) list="test" ;;
	incident) list="report langage consigne reopen" ;;
	user) list="list add set remove" ;;
	compte) list="liste ajouter changer retirer" ;;
	token) list="list add revoke" ;;
	jeton) list="liste ajouter retirer" ;;
	esac
	if [ "$COMP_CWORD" -eq 1 ]; then
		list=$(tocsin help 2>/dev/null | awk '/^  [a-z]/ { print $1 }')
	elif [[ -z $list && $word == --* ]]; then
		list=$(tocsin help "$command" 2>/dev/null | grep -oE -- '--[a-z-]+' | sort -u)
	elif [ -z "$list" ]; then
		# files may hold blanks: one a line
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$list" -- "$word")
}
complete -o filenames -F _tocsin tocsin
