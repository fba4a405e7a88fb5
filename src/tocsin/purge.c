/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin purge: erases what is older than its retention, or what one person wrote, or one comment. Store erases it
 * from the database; ingest then rewrites its journal and search its index. This command waits for all three. */
#include "command.h"
#include <poll.h>
#include <tocsin/base/clock.h>
#include <tocsin/db/kept.h>
#include <tocsin/db/whom.h>
#include <tocsin/record/comment.h>
#include <tocsin/record/wire.h>
#include "gauges.h"
#include "table.h"

enum { FOLLOW_MS = 60000, FRESH_MS = 1500, STEP_MS = 100, PREVIEW_ROWS = 2000 };

/* True when the journal, and search if it held some of the texts, have followed purge `number`; what was written before
 * `asked` says nothing. */
static bool followed(struct context *x, int64_t number, bool texts, int64_t asked)
{
	_gauges_ struct gauges g = {0};
	gauges_read(&g, x->config.run_dir);
	bool journal = false, search = !x->config.search || !texts;
	for (size_t i = 0; i < g.n; i++) {
		const struct gauge *m = &g.list[i];
		if (strcmp(m->name, "process_written_seconds") == 0 &&
			strcmp(m->process, "tocsin-ingest") == 0)
			journal = (int64_t)(m->value * 1000) >= asked + FRESH_MS;
	}
	if (gauge_get(&g, "ingest_scrub_pending", NULL, 1) > 0)
		journal = false;
	if (!search)
		search = gauge_get(&g, "search_purge", NULL, 0) >= (double)number;
	return journal && search;
}

static int wait_followed(struct context *x, int64_t number, bool texts)
{
	int64_t asked = clock_now(), end = clock_monotonic() + FOLLOW_MS;
	while (!followed(x, number, texts, asked)) {
		if (clock_monotonic() > end)
			return complain(x, EXIT_PROBLEMS,
				_w(x, "la base est purgée, mais le journal ou la recherche n'a pas encore suivi : relancez « tocsin status »"));
		poll(NULL, 0, STEP_MS);
	}
	return 0;
}

/* "zorro83 (Zorro)" */
static void add_account(struct buf *out, const struct whom_account *a)
{
	if (out->n)
		buf_add_string(out, ", ");
	table_clean(out, buf_slice(&a->account), false);
	if (!a->shown.n || slice_equal(buf_slice(&a->shown), buf_slice(&a->account)))
		return;
	buf_add_string(out, " (");
	table_clean(out, buf_slice(&a->shown), false);
	buf_add_char(out, ')');
}

/* Whom this name or address may mean; nothing when it means nobody. */
static void find_accounts(struct context *x, const struct purge_request *q, struct buf *accounts)
{
	enum { SHOWN_MAX = 5, ROWS = 20000 };
	struct whom w = {0};
	struct error e = {0};
	int r = need_reader(x);
	whom_begin(&w, q->source, q->author, NULL);
	while (r == 0)
		r = reader_whom(x->reader, &w, ROWS, &e);
	for (uint32_t i = 0; r == READER_END && i < w.n && i < SHOWN_MAX; i++)
		if (w.list[i].account.n)
			add_account(accounts, &w.list[i]);
	if (accounts->n && (w.more || w.n > SHOWN_MAX))
		buf_add_string(accounts, ", …");
	whom_release(&w);
}

/* Whoever asked for one account or one comment must not take a slip for an erasure. */
static int say_nothing_found(struct context *x, const struct purge_request *q)
{
	_buf_ struct buf accounts = {0}, name = {0}, source = {0};
	table_clean(&name, q->author.n ? q->author : q->id, false);
	table_clean(&source, q->source, false);
	if (!q->author.n)
		return complain(x, EXIT_PROBLEMS,
			_w(x, "aucun commentaire « %s » n'est gardé de la source « %s »"),
			buf_string(&name), buf_string(&source));
	find_accounts(x, q, &accounts);
	if (accounts.n)
		return complain(x, EXIT_PROBLEMS,
			_w(x, "aucun compte « %s » dans « %s » ; c'est peut-être, au choix : %s"),
			buf_string(&name), buf_string(&source), buf_string(&accounts));
	return complain(x, EXIT_PROBLEMS, _w(x, "rien n'est gardé d'un compte « %s » dans « %s »"),
		buf_string(&name), buf_string(&source));
}

static int is_source(void *user, struct slice source)
{
	return slice_equal(source, *(const struct slice *)user);
}

/* One of the configuration, or that was heard before: a slip in its name must not become a purge that found nothing. */
static int need_source(struct context *x, const char *source)
{
	struct slice name = slice_of(source);
	struct error e = {0};
	if (config_source(&x->config, source) || strcmp(source, COMMENT_REPORTED) == 0)
		return 0;
	int r = need_reader(x);
	if (r)
		return r;
	r = reader_sources(x->reader, is_source, &name, &e);
	if (r < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	return r ? 0
		 : complain(x, EXIT_MISUSE,
			   _w(x, "aucune source « %s », ni dans la configuration ni dans la base"),
			   source);
}

static int say_result(struct context *x, struct slice reply, const struct purge_request *q)
{
	struct wire w = wire_reader(reply);
	int64_t number = wire_i64(&w);
	uint64_t comments = wire_u64(&w), held = wire_u64(&w), traces = wire_u64(&w);
	if (w.bad)
		return complain(x, EXIT_PROBLEMS, _w(x, "réponse incomprise de la base"));
	int r = wait_followed(x, number, comments > 0);
	if (x->json)
		printf("{\"purge\":%lld,\"comments\":%llu,\"held\":%llu,\"traces\":%llu,\"followed\":%s}\n",
			(long long)number, (unsigned long long)comments, (unsigned long long)held,
			(unsigned long long)traces, r ? "false" : "true");
	else if (comments == 0 && traces == 0)
		printf(_w(x, "purge n° %lld : rien à effacer\n"), (long long)number);
	else if (comments == 0)
		printf(words_n(x->lang,
			       "purge n° %lld : %llu trace effacée (ancienne version, entrée illisible, auteur d'un texte déjà parti)\n",
			       "purge n° %lld : %llu traces effacées (anciennes versions, entrées illisibles, auteur de textes déjà partis)\n",
			       traces),
			(long long)number, (unsigned long long)traces);
	else
		printf(words_n(x->lang,
			       "purge n° %lld : %llu commentaire effacé de la base, du journal et de la recherche\n",
			       "purge n° %lld : %llu commentaires effacés de la base, du journal et de la recherche\n",
			       comments),
			(long long)number, (unsigned long long)comments);
	if (held && !x->json)
		printf(words_n(x->lang, "%llu texte gardé, car en dossier\n",
			       "%llu textes gardés, car en dossier\n", held),
			(unsigned long long)held);
	return r == 0 && comments == 0 && held == 0 && traces == 0 && q->source.n
		? say_nothing_found(x, q)
		: r;
}

/* What a purge by age would take now: nothing is changed, and nobody signs. */
static int preview(struct context *x)
{
	int r = need_reader(x);
	if (r)
		return r;
	const struct config *config = &x->config;
	struct census c = {
		.keep = config->keep, .event = config->clock_event, .now = town_clock(x)};
	struct error e = {0};
	do {
		r = reader_census(x->reader, PREVIEW_ROWS, &c, &e);
	} while (r == 0);
	if (r < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	const unsigned long long comments = c.comments, held = c.kinds[KEPT_HELD].texts;
	if (x->json)
		printf("{\"comments\":%llu,\"versions\":%llu,\"held\":%llu}\n", comments,
			(unsigned long long)c.versions, held);
	else
		printf(words_n(x->lang,
			       "%llu commentaire partirait ; textes gardés, car en dossier : %llu\n",
			       "%llu commentaires partiraient ; textes gardés, car en dossier : %llu\n",
			       comments),
			comments, held);
	return EXIT_DONE;
}

int command_purge(struct context *x, int argc, char **argv)
{
	const char *author = NULL, *source = NULL, *id = NULL, *who = NULL, *reason = NULL;
	bool only_look = false;
	const struct option_spec specs[] = {{"author", "auteur", NULL, &author},
		{"source", NULL, NULL, &source}, {"id", NULL, NULL, &id},
		{"who", "qui", NULL, &who}, {"reason", "raison", NULL, &reason},
		{"preview", "aperçu", &only_look, NULL}};
	int r = options_parse(x, specs, 6, &argc, argv);
	if (r == 0)
		r = options_words(x, "purge", argc, 0, 0);
	if (r)
		return r;
	if (only_look && (author || id || source))
		return complain(
			x, EXIT_MISUSE, _w(x, "--preview : d'une purge par durée seulement"));
	if (only_look)
		return preview(x);
	if (!who || !*who || !reason || !*reason)
		return complain(
			x, EXIT_MISUSE, _w(x, "une purge se signe : --who NOM --reason POURQUOI"));
	if ((author || id) && !source)
		return complain(x, EXIT_MISUSE, _w(x, "--author et --id veulent --source"));
	if (author && id)
		return complain(x, EXIT_MISUSE, _w(x, "--author ou --id, pas les deux"));
	if (source && !author && !id)
		return complain(x, EXIT_MISUSE, _w(x, "--source veut --author ou --id"));
	r = source ? need_source(x, source) : 0;
	if (r)
		return r;
	struct purge_request request = {.author = slice_of(author),
		.source = slice_of(source),
		.id = slice_of(id),
		.who = slice_of(who),
		.reason = slice_of(reason)};
	_buf_ struct buf body = {0}, reply = {0};
	purge_encode(&body, &request);
	r = ask_store(x, REQUEST_PURGE, buf_slice(&body), &reply);
	return r ? r : say_result(x, buf_slice(&reply), &request);
}
