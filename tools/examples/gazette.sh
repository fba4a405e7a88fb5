#!/bin/sh
# Un connecteur à vous, en shell : un commentaire par fichier .txt d'un dossier, une ligne de JSON chacun (comment.schema.json).
#   sources:
#     - {id: gazette, titre: Boîte de la gazette, type: command, commande: [/srv/gazette.sh, /srv/gazette], relance: 1 min}
# Relancé, il imprime de nouveau tout : tocsin reconnaît ce qu'il a déjà.
set -eu
cd "${1:?usage: gazette.sh DOSSIER}"

# Du texte entre guillemets JSON, sur une ligne.
quoted() {
	tr -d '\000-\010\013-\037\177' | sed 's/\\/\\\\/g; s/"/\\"/g; s/\t/\\t/g' |
		awk 'BEGIN { printf "\"" } { printf "%s%s", (NR > 1 ? "\\n" : ""), $0 } END { printf "\"" }'
}

for file in *.txt; do
	[ -f "$file" ] || continue
	printf '{"id":%s,"text":%s,"created_at":"%s","kind":"courrier"}\n' \
		"$(printf %s "$file" | quoted)" "$(quoted <"$file")" "$(date -u -r "$file" +%Y-%m-%dT%H:%M:%SZ)"
done
