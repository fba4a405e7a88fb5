/* SPDX-License-Identifier: GPL-3.0-or-later
 * rules/schema.json, from the table of keys: JSON Schema draft-07 for editors. Values have the types that an editor's
 * YAML gives them (a bare 5 is a number, a bare true a boolean), so a text may be any of those. */
#include <tocsin/base/buf.h>
#include <tocsin/rules/rules.h>

#include "keys.h"

/* Types of values: what no table of keys describes. */
static const struct {
	const char *name, *schema;
} types[] = {
	{"text", "{\"type\":[\"string\",\"number\",\"boolean\"]}"},
	{"version", "{\"enum\":[1,\"1\"]}"},
	{"id", "{\"type\":[\"string\",\"number\"],\"pattern\":\"^[a-z0-9_.-]{1,64}$\"}"},
	{"date", "{\"type\":\"string\",\"pattern\":\"^[0-9]{4}-[0-9]{2}-[0-9]{2}$\"}"},
	{"yes_no",
		"{\"anyOf\":[{\"type\":\"boolean\"},{\"enum\":[\"oui\",\"non\",\"vrai\",\"faux\",\"yes\",\"no\"]}]}"},
	{"score",
		"{\"anyOf\":[{\"type\":\"integer\",\"minimum\":0,\"maximum\":10},{\"type\":\"string\",\"pattern\":\"^([0-9]|10)$\"}]}"},
	{"points",
		"{\"anyOf\":[{\"type\":\"integer\",\"minimum\":1,\"maximum\":100},{\"type\":\"string\",\"pattern\":\"^[1-9][0-9]?$\"}]}"},
	{"worth",
		"{\"anyOf\":[{\"type\":\"integer\",\"minimum\":-10,\"maximum\":10},{\"type\":\"string\",\"pattern\":\"^-?([0-9]|10)$\"}]}"},
	{"clues",
		"{\"type\":\"array\",\"minItems\":2,\"maxItems\":64,\"items\":{\"$ref\":\"#/definitions/clue_keys\"}}"},
	{"number",
		"{\"anyOf\":[{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000},{\"type\":\"string\",\"pattern\":\"^[1-9][0-9]{0,2}$\"}]}"},
	{"distance",
		"{\"anyOf\":[{\"type\":\"integer\",\"minimum\":0,\"maximum\":50},{\"type\":\"string\",\"pattern\":\"^([0-9]|[1-4][0-9]|50)( (mots?|words?))?$\"}]}"},
	{"duration",
		"{\"type\":\"string\",\"pattern\":\"^[0-9]{1,6} ?(s|secondes?|seconds?|min|minutes?|h|heures?|hours?|j|jours?|d|days?)$\"}"},
	{"term",
		"{\"anyOf\":[{\"type\":\"string\",\"minLength\":1,\"pattern\":\"^[^\\\\u0000-\\\\u001f]*$\"},"
		"{\"type\":[\"number\",\"boolean\"]},{\"$ref\":\"#/definitions/verb_keys\"}]}"},
	{"words",
		"{\"anyOf\":[{\"$ref\":\"#/definitions/term\"},{\"type\":\"array\",\"minItems\":1,\"items\":{\"$ref\":\"#/definitions/words\"}}]}"},
	{"lists",
		"{\"type\":\"object\",\"additionalProperties\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"$ref\":\"#/definitions/words\"}}}"},
	{"persons",
		"{\"type\":\"object\",\"additionalProperties\":{\"$ref\":\"#/definitions/person_keys\"}}"},
	{"values",
		"{\"anyOf\":[{\"$ref\":\"#/definitions/text\"},{\"type\":\"array\",\"minItems\":1,\"items\":{\"$ref\":\"#/definitions/values\"}}]}"},
	{"regex",
		"{\"anyOf\":[{\"$ref\":\"#/definitions/text\"},{\"type\":\"array\",\"minItems\":1,\"items\":{\"$ref\":\"#/definitions/text\"}}]}"},
	{"condition",
		"{\"anyOf\":[{\"$ref\":\"#/definitions/condition_keys\"},{\"$ref\":\"#/definitions/any\"}]}"},
	{"any", "{\"type\":\"array\",\"minItems\":1,\"items\":{\"$ref\":\"#/definitions/condition\"}}"},
	{"pair",
		"{\"type\":\"array\",\"minItems\":2,\"maxItems\":16,\"items\":{\"$ref\":\"#/definitions/condition\"}}"},
	{"conditions",
		"{\"type\":\"object\",\"additionalProperties\":{\"$ref\":\"#/definitions/condition\"}}"},
	{"rules", "{\"type\":\"array\",\"items\":{\"$ref\":\"#/definitions/rule_keys\"}}"},
	{"topics", "{\"type\":\"array\",\"items\":{\"$ref\":\"#/definitions/topic_keys\"}}"},
	{"rule_overrides",
		"{\"type\":\"array\",\"items\":{\"$ref\":\"#/definitions/rule_override_keys\"}}"},
	{"time",
		"{\"type\":\"string\",\"pattern\":\"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$\"}"},
	{"cases",
		"{\"type\":\"array\",\"minItems\":1,\"items\":{\"$ref\":\"#/definitions/case_keys\"}}"},
	{"case_comments",
		"{\"type\":\"array\",\"minItems\":1,\"items\":{\"$ref\":\"#/definitions/case_comment_keys\"}}"},
	{"samples",
		"{\"type\":\"array\",\"items\":{\"anyOf\":[{\"$ref\":\"#/definitions/text\"},{\"$ref\":\"#/definitions/sample_text_keys\"}]}}"},
};

static const struct {
	const char *name;
	const char *const *choices;
	size_t n;
} choices[] = {{"status", status_choices, STATUS_CHOICES}, {"lane", lane_choices, LANE_CHOICES},
	{"spike", spike_choices, SPIKE_CHOICES}, {"rate_by", rate_choices, RATE_CHOICES},
	{"level", level_choices, LEVEL_CHOICES}, {"category", categories, CATEGORIES},
	{"priority", (const char *const[]){"P1", "P2", "P3", "P4"}, 4}};

static void write_choices(struct buf *out)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(*choices); i++) {
		buf_printf(out, "\"%s\":{\"enum\":[", choices[i].name);
		for (size_t k = 0; k < choices[i].n; k++)
			buf_printf(out, "%s\"%s\"", k ? "," : "", choices[i].choices[k]);
		buf_add_string(out, "]},\n");
	}
	buf_add_string(out,
		"\"caps\":{\"type\":\"object\",\"additionalProperties\":false,"
		"\"properties\":{");
	for (size_t i = 0; i < CATEGORIES; i++)
		buf_printf(out, "%s\"%s\":{\"$ref\":\"#/definitions/points\"}", i ? "," : "",
			categories[i]);
	buf_add_string(out, "}}");
}

static void write_key(struct buf *out, const char *key, const struct key_doc *doc, bool first)
{
	buf_printf(out,
		"%s\n  \"%s\":{\"description\":\"%s\",\"allOf\":[{\"$ref\":\"#/definitions/%s\"}]}",
		first ? "" : ",", key, doc->text, doc->type);
}

/* Both spellings are keys, one of them at most, and one at least when it must be there. */
static void write_table(struct buf *out, const struct key_table *t)
{
	const char *separator = "";

	buf_printf(out,
		",\n\"%s\":{\"type\":\"object\",\"minProperties\":1,\"additionalProperties\":false,"
		"\"properties\":{",
		t->name);
	for (size_t i = 0; i < t->n; i++) {
		write_key(out, t->keys[i].english, &t->docs[i], i == 0);
		if (t->keys[i].french)
			write_key(out, t->keys[i].french, &t->docs[i], false);
	}
	buf_add_string(out, "},\n \"allOf\":[");
	for (size_t i = 0; i < t->n; i++) {
		const char *english = t->keys[i].english, *french = t->keys[i].french;

		if (french) {
			buf_printf(out, "%s{\"not\":{\"required\":[\"%s\",\"%s\"]}}", separator,
				english, french);
			separator = ",";
		}
		if (!t->docs[i].required)
			continue;
		if (french)
			buf_printf(out,
				"%s{\"anyOf\":[{\"required\":[\"%s\"]},{\"required\":[\"%s\"]}]}",
				separator, french, english);
		else
			buf_printf(out, "%s{\"required\":[\"%s\"]}", separator, english);
		separator = ",";
	}
	buf_printf(out, "%s]}", *separator ? "" : "{}");
}

void ruleset_schema(struct buf *out)
{
	buf_add_string(out,
		"{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\n"
		"\"title\":\"Règles de tocsin\",\n"
		"\"description\":\"Un paquet de règles, un fichier qui en adapte un (surcharge), ou des cas à jouer (cas).\",\n"
		"\"if\":{\"anyOf\":[{\"required\":[\"surcharge\"]},{\"required\":[\"override\"]}]},\n"
		"\"then\":{\"$ref\":\"#/definitions/override_keys\"},\n"
		"\"else\":{\"if\":{\"anyOf\":[{\"required\":[\"cas\"]},{\"required\":[\"cases\"]}]},\n"
		"\"then\":{\"$ref\":\"#/definitions/cases_keys\"},\n"
		"\"else\":{\"$ref\":\"#/definitions/pack_keys\"}},\n"
		"\"definitions\":{\n");
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		buf_printf(out, "\"%s\":%s,\n", types[i].name, types[i].schema);
	write_choices(out);
	for (size_t i = 0; i < KEY_TABLES; i++)
		write_table(out, key_tables[i]);
	buf_add_string(out, "}}\n");
}
