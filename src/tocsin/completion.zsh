#compdef tocsin
# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of `tocsin` for zsh: commands, the verbs of `rules` and `trend`, the options of the help, and files.
_tocsin() {
	local -a list
	local command=${words[2]}
	if (( CURRENT == 2 )); then
		list=(${(f)"$(tocsin help 2>/dev/null | awk '/^  [a-z]/ { name = $1; $1 = ""; sub(/^ +/, ""); print name ":" $0 }')"})
		_describe -t commands commande list
	elif (( CURRENT == 3 )) && [[ $command == (rules|règles) ]]; then
		list=(${(f)"$(tocsin help rules 2>/dev/null | grep -oE 'tocsin rules [a-z|]+' | cut -d' ' -f3 | tr '|' '\n')"})
		_describe -t verbs verbe list
	elif (( CURRENT == 3 )) && [[ $command == (trend|tendance) ]]; then
		list=(series topics volumes adopt)
		_describe -t verbs verbe list
	elif [[ ${words[CURRENT]} == --* ]]; then
		list=(${(fu)"$(tocsin help "$command" 2>/dev/null | grep -oE -- '--[a-z-]+' | sort -u)"})
		compadd -a list
	else
		_files
	fi
}
if [[ $funcstack[1] == _tocsin ]]; then
	_tocsin "$@"
else
	compdef _tocsin tocsin
fi
