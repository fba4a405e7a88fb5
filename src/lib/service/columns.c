/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a source of kind csv says of its tables. */
#include <tocsin/service/config.h>
#include "private.h"

#define N(table) (sizeof(table) / sizeof(*(table)))

static const struct yaml_key column_keys[SOURCE_COLUMNS] = {
	[SOURCE_ID] = {"id", "identifiant"},
	[SOURCE_TEXT] = {"text", "texte"},
	[SOURCE_AUTHOR] = {"author", "auteur"},
	[SOURCE_AUTHOR_NAME] = {"author_name", "nom"},
	[SOURCE_CREATED_AT] = {"created_at", "date"},
	[SOURCE_EDITED_AT] = {"edited_at", "modifié"},
	[SOURCE_URL] = {"url", "adresse"},
	[SOURCE_THREAD] = {"thread", "fil"},
	[SOURCE_PARENT] = {"parent", "réponse_à"},
	[SOURCE_CHANNEL] = {"channel", "canal"},
	[SOURCE_LANG] = {"lang", "langue"},
	[SOURCE_KIND] = {"kind", "genre"},
	[SOURCE_LIKES] = {"likes", "mentions"},
	[SOURCE_SHARES] = {"shares", "partages"},
};

static void read_columns(const struct section *s, struct source_config *source)
{
	const struct yaml_node *node = section_get(s, "columns");
	struct section t = {s->c, node, column_keys, N(column_keys), s->p};
	if (!node)
		return;
	if (node->type != YAML_MAP) {
		yaml_problem(&s->c->file, node, s->p,
			"columns: {id: Numéro, text: Commentaire, created_at: Date}",
			"« columns » doit être une suite de « clé: valeur »");
		return;
	}
	yaml_check_keys(&s->c->file, node, column_keys, N(column_keys), s->p);
	for (size_t k = 0; k < SOURCE_COLUMNS; k++)
		section_string(&t, column_keys[k].english, &source->columns[k]);
	if (!source->columns[SOURCE_TEXT])
		yaml_problem(&s->c->file, node, s->p,
			"columns: {text: Commentaire} : le nom que porte la colonne à la première ligne",
			"il manque la colonne du texte (text)");
}

void config_read_columns(const struct section *s, struct source_config *source)
{
	static const struct yaml_key separators[] = {
		{";", NULL}, {",", NULL}, {"|", NULL}, {"tab", "tabulation"}};
	static const struct yaml_key encodings[] = {
		{"utf-8", NULL}, {"windows-1252", NULL}, {"latin-1", NULL}, {"auto", NULL}};
	const char *encoding = "utf-8";
	read_columns(s, source);
	section_choice(s, "separator", separators, N(separators), &source->separator);
	if (source->separator && source->separator[0] == 't')
		source->separator = "\t";
	section_choice(s, "encoding", encodings, N(encodings), &encoding);
	/* what calls itself Latin-1 is Windows-1252 (WHATWG Encoding) */
	source->encoding = encoding[0] == 'u' ? SOURCE_UTF8
		: encoding[0] == 'a'          ? SOURCE_AUTO
					      : SOURCE_WINDOWS_1252;
}
