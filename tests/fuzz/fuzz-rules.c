/* SPDX-License-Identifier: GPL-3.0-or-later
 * Input: a pack, a line "----", a text. The pack may be anything; the text is repaired as ingest does it. What loads
 * must score any text: matches within it, on whole characters, twice the same. Without a line "----" the input
 * is a text for a fixed pack. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <tocsin/base/file.h>
#include <tocsin/base/utf8.h>
#include <tocsin/inflect/inflect.h>
#include <tocsin/rules/rules.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char fixed[] =
	"tocsin: 1\npack: p\nlistes: {l: [connard, enculé, 'fils de pute', sale, salé, tg, '🤡', 'c*n']}\nrègles:\n"
	"  - {id: a, titre: A, catégorie: injure_publique, score: 5, quand: {mots: $l}, sauf: [{mots: [match]}]}\n"
	"  - {id: b, titre: B, catégorie: menace, priorité: P1, score: 9, quand: {proche: {distance: 3 mots, ensemble: [{mots: [je, on]}, {motif: 'cr[eè]ve[rz]?'}]}}}\n"
	"  - {id: c, titre: C, catégorie: spam, score: 1, quand: {motif: '\\w{2,9}@\\w{2,9}'}}\n"
	"sujets:\n  - {id: t, titre: T, quand: {ensemble: [{contient: [e]}, {sans: {mots: [neige]}}]}}\n";

static void check(bool ok)
{
	if (!ok)
		abort();
}

static char folder[] = "/tmp/fuzz-rules-XXXXXX";

static void drop_folder(void)
{
	check(file_remove_tree(folder) == 0);
}

/* A folder with the forms of no dictionary, which are read faster than one. */
static void make_folder(void)
{
	_buf_ struct buf packed = {0};
	char path[sizeof(folder) + 16];
	struct inflect *none;
	struct error e;

	check(mkdtemp(folder) != NULL && atexit(drop_folder) == 0);
	check(inflect_open("/nonexistent/fr", &none, &e) == INFLECT_ABSENT);
	check(inflect_pack(none, &packed, &e) == 0);
	inflect_close(none);
	snprintf(path, sizeof(path), "%s/formes.bin", folder);
	check(file_write_atomic(path, buf_slice(&packed), 0600, &e) == 0);
}

static struct ruleset *load(struct slice pack)
{
	char path[sizeof(folder) + 16];
	struct problems p = {0};
	struct ruleset *r = NULL;
	FILE *file;

	snprintf(path, sizeof(path), "%s/p.yaml", folder);
	file = fopen(path, "w");
	check(file && fwrite(pack.p, 1, pack.n, file) == pack.n && fclose(file) == 0);
	check((ruleset_load(folder, &r, &p) == 0) == (p.errors == 0));
	problems_release(&p);
	return r;
}

static void score(const struct ruleset *r, struct slice text)
{
	struct comment c = {.source = SLICE("s"), .id = SLICE("1"), .text = text};
	_buf_ struct buf first = {0}, again = {0};
	struct scorer *s = scorer_new(r);
	struct verdict v;

	scorer_score(s, &c, &v);
	verdict_encode(&first, &v);
	for (uint32_t i = 0; i < v.n_matches; i++) {
		check(v.matches[i].start < v.matches[i].end && v.matches[i].end <= text.n);
		check(utf8_valid((struct slice){
			text.p + v.matches[i].start, v.matches[i].end - v.matches[i].start}));
	}
	scorer_score(s, &c, &v);
	verdict_encode(&again, &v);
	check(slice_equal(buf_slice(&first), buf_slice(&again)));
	scorer_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct ruleset *standing;
	const char *line = n ? memmem(data, n, "\n----\n", 6) : NULL;
	struct slice pack = {
		(const char *)data, line ? (size_t)(line + 1 - (const char *)data) : 0};
	struct slice raw = {line ? line + 6 : (const char *)data, n - (line ? pack.n + 5 : 0)};
	_buf_ struct buf text = {0};
	struct ruleset *r = NULL;

	if (!standing) {
		make_folder();
		standing = load((struct slice){fixed, sizeof(fixed) - 1});
	}
	check(standing != NULL);
	utf8_repair(&text, raw);
	for (size_t i = 0; i < text.n; i++)
		if (!text.p[i])
			text.p[i] = ' ';
	if (!line) {
		score(standing, buf_slice(&text));
		return 0;
	}
	r = load(pack);
	if (r)
		score(r, buf_slice(&text));
	ruleset_free(r);
	return 0;
}
