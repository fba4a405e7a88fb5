#compdef tocsin
# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of `tocsin` for zsh: commands, the verbs of those that have some, the options of the help, and files.
_tocsin() {
	local -a list
	local command=${words[2]}
	if (( CURRENT == 3 )); then
		case $command in
		(rules|règles)
			list=(${(f)"$(tocsin help rules 2>/dev/null | grep -oE 'tocsin rules [a-z|]+' | cut -d' ' -f3 | tr '|' '\n')"}) ;;
		(policy|plan) list=(check test) ;;
		(trend|tendance) list=(series topics volumes adopt) ;;
		(connect|raccorder) list=(test) ;;
		(incident) list=(report langage consigne reopen) ;;
		(user) list=(list add set remove) ;;
		(compte) list=(liste ajouter changer retirer) ;;
		(token) list=(list add revoke) ;;
		(jeton) list=(liste ajouter retirer) ;;
		esac
	fi
	if (( CURRENT == 2 )); then
		list=(${(f)"$(tocsin help 2>/dev/null | awk '/^  [a-z]/ { name = $1; $1 = ""; sub(/^ +/, ""); print name ":" $0 }')"})
		_describe -t commands commande list
	elif (( $#list )); then
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
