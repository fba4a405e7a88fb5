# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of `tocsin` for bash: commands, the verbs of `rules` and `trend`, files, and the options of the help.
_tocsin() {
	local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]:-} list=
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		list=$(tocsin help 2>/dev/null | awk '/^  [a-z]/ { print $1 }')
	elif [ "$COMP_CWORD" -eq 2 ] && [[ $command == rules || $command == règles ]]; then
		list=$(tocsin help rules 2>/dev/null | grep -oE 'tocsin rules [a-z|]+' | cut -d' ' -f3 | tr '|' '\n')
	elif [ "$COMP_CWORD" -eq 2 ] && [[ $command == policy || $command == plan ]]; then
		list="check test"
	elif [ "$COMP_CWORD" -eq 2 ] && [[ $command == trend || $command == tendance ]]; then
		list="series topics volumes adopt"
	elif [ "$COMP_CWORD" -eq 2 ] && [[ $command == connect || $command == raccorder ]]; then
		list="test"
	elif [[ $word == --* ]]; then
		list=$(tocsin help "$command" 2>/dev/null | grep -oE -- '--[a-z-]+' | sort -u)
	else
		# files may hold blanks: one a line
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$list" -- "$word")
}
complete -o filenames -F _tocsin tocsin
