/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin verify: where is every comment that was received? By source and hour of acceptance:
 *   received = new + version + duplicate + tombstone + quarantined + dead + pending,  new = present + purged.
 * And is every flagged comment still the one that was put into the chain of evidence? */
#include "command.h"
#include <tocsin/archive/archive.h>
#include <tocsin/base/clock.h>
#include <tocsin/json/json.h>
#include "lines.h"
#include "table.h"

struct ledger {
	struct context *x;
	struct table table;
	struct buf json;
	struct ledger_row sum;
	uint64_t rows, wrong;
};

static void put_json(struct ledger *l, const struct ledger_row *row)
{
	const struct {
		const char *key;
		uint64_t value;
	} counts[] = {{"received", row->received}, {"new", row->fresh}, {"version", row->version},
		{"duplicate", row->duplicate}, {"tombstone", row->tombstone},
		{"quarantined", row->quarantined}, {"dead", row->dead}, {"pending", row->pending},
		{"present", row->present}, {"purged", row->purged}};
	struct json_writer w = {.out = &l->json};
	buf_clear(&l->json);
	json_w_begin(&w, '{');
	json_w_time(&w, "hour", row->hour);
	json_w_text(&w, "source", row->source);
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		json_w_number(&w, counts[i].key, (int64_t)counts[i].value);
	}
	json_w_key(&w, "balanced");
	json_w_bool(&w, row->balanced);
	json_w_end(&w, '}');
	buf_add_char(&l->json, '\n');
	put_text(buf_slice(&l->json), stdout);
}

static void put_cells(struct ledger *l, const struct ledger_row *row)
{
	const uint64_t counts[] = {row->received, row->fresh, row->version, row->duplicate,
		row->tombstone, row->quarantined, row->dead, row->pending, row->purged};
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		char text[40];
		if (counts[i] > 0 || i == 0)
			table_add(&l->table,
				slice_of(words_number(l->x->lang, (int64_t)counts[i], text)));
		else
			table_add(&l->table, SLICE("·"));
	}
}

static int show(void *user, const struct ledger_row *row)
{
	struct ledger *l = user;
	char at[CLOCK_TEXT];
	struct ledger_row *sum = &l->sum;
	l->rows++;
	l->wrong += !row->balanced;
	sum->received += row->received;
	sum->fresh += row->fresh;
	sum->version += row->version;
	sum->duplicate += row->duplicate;
	sum->tombstone += row->tombstone;
	sum->quarantined += row->quarantined;
	sum->dead += row->dead;
	sum->pending += row->pending;
	sum->present += row->present;
	sum->purged += row->purged;
	if (l->x->json) {
		put_json(l, row);
		return 0;
	}
	table_add(&l->table, slice_of(clock_format_dhm(row->hour, at)));
	table_add(&l->table, row->source);
	put_cells(l, row);
	table_add(&l->table, slice_of(row->balanced ? _w(l->x, "juste") : _w(l->x, "FAUX")));
	return 0;
}

static void print(struct ledger *l)
{
	_buf_ struct buf out = {0};
	table_add(&l->table, slice_of(_w(l->x, "en tout")));
	table_add(&l->table, SLICE(""));
	put_cells(l, &l->sum);
	table_add(&l->table, slice_of(l->wrong ? _w(l->x, "FAUX") : _w(l->x, "juste")));
	table_print(&l->table, l->x->terminal, &out);
	if (l->wrong)
		buf_printf(&out,
			words_n(l->x->lang, "%llu ligne ne tombe pas juste\n",
				"%llu lignes ne tombent pas juste\n", l->wrong),
			(unsigned long long)l->wrong);
	else
		buf_printf(&out, "%s\n", _w(l->x, "le compte est juste"));
	put_text(buf_slice(&out), stdout);
}

/* The chain of evidence: people read a line about it, machines get the exit code and, if it is broken, a complaint. */
static int prove(struct context *x)
{
	struct evidence chain = {0};
	struct error e = {0};
	int r = need_reader(x);
	if (r)
		return r;
	if (reader_evidence(x->reader, &chain, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	if (chain.broken)
		return complain(x, EXIT_PROBLEMS,
			_w(x, "chaîne de preuves ROMPUE au n° %lld (%llu maillons faux sur %llu)"),
			(long long)chain.first_broken, (unsigned long long)chain.broken,
			(unsigned long long)chain.links);
	if (!x->json)
		printf(_w(x, "chaîne de preuves intacte : %llu maillons, dont %llu au texte effacé\n"),
			(unsigned long long)chain.links, (unsigned long long)chain.wiped);
	return 0;
}

/* An archive of evidence, by itself: no configuration, no database. */
static int read_archive(struct context *x, struct lines *in, struct proof *p)
{
	struct json_reader *json = json_reader_new(ARCHIVE_LINE_MAX);
	struct error e = {0};
	struct slice line;
	int r;
	while ((r = lines_next(in, &line)) == LINES_LINE)
		if (proof_line(p, json, line, &e) < 0)
			break;
	json_reader_free(json);
	if (r < 0 || r == LINES_LONG)
		return complain(x, EXIT_PROBLEMS, _w(x, "archive illisible à la ligne %llu"),
			(unsigned long long)p->lines + 1);
	if (r == LINES_LINE || proof_end(p, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	return EXIT_DONE;
}

static void print_proof(const struct proof *p, const char *last)
{
	printf("{\"links\":%llu,\"proven\":%llu,\"wiped\":%llu,", (unsigned long long)p->links,
		(unsigned long long)p->proven, (unsigned long long)p->wiped);
	if (p->dossier)
		printf("\"withheld\":%llu,\"dossier\":%lld,", (unsigned long long)p->withheld,
			(long long)p->dossier);
	printf("\"last\":\"%s\"}\n", last);
}

static int verify_archive(struct context *x, const char *path)
{
	struct proof p = {.chain = {0}};
	struct error e = {0};
	struct lines in;
	char last[DIGEST_HEX];
	if (lines_open(&in, path, ARCHIVE_LINE_MAX, &e) < 0)
		return complain(x, EXIT_MISUSE, "%s", e.text);
	int r = read_archive(x, &in, &p);
	lines_close(&in);
	if (r)
		return r;
	digest_hex(p.chain, DIGEST_SIZE, last);
	if (x->json)
		print_proof(&p, last);
	else if (p.dossier)
		printf(_w(x, "archive du dossier n° %lld intacte : %llu pièces, %llu autres maillons sans leur texte ; dernier maillon %s\n"),
			(long long)p.dossier, (unsigned long long)p.proven,
			(unsigned long long)p.withheld + (unsigned long long)p.wiped, last);
	else
		printf(_w(x, "archive intacte : %llu maillons, dont %llu au texte effacé ; dernier maillon %s\n"),
			(unsigned long long)p.links, (unsigned long long)p.wiped, last);
	return EXIT_DONE;
}

int command_verify(struct context *x, int argc, char **argv)
{
	int r = options_parse(x, NULL, 0, &argc, argv);
	if (r == 0)
		r = options_words(x, "verify", argc, 0, 1);
	if (r == 0 && argc == 1)
		return verify_archive(x, argv[0]);
	if (r == 0)
		r = need_config(x);
	if (r)
		return r;
	struct ledger l = {.x = x};
	const char *const names[] = {_w(x, "heure"), _w(x, "source"), _w(x, ">reçus"),
		_w(x, ">nouveaux"), _w(x, ">versions"), _w(x, ">doublons"), _w(x, ">supprimés"),
		_w(x, ">illisibles"), _w(x, ">morts"), _w(x, ">attente"), _w(x, ">effacés"),
		_w(x, "compte"), NULL};
	table_init(&l.table, names);
	struct error e = {0};
	if (reader_ledger(x->config.state_dir, show, &l, &e) < 0)
		r = complain(x, EXIT_PROBLEMS, "%s", e.text);
	else if (!x->json)
		print(&l);
	table_release(&l.table);
	buf_release(&l.json);
	if (r == 0)
		r = prove(x);
	return r ? r : l.wrong ? EXIT_PROBLEMS : EXIT_DONE;
}
