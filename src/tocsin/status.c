/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin status: what runs, what waits, what is not heard. Exit 1 when something is wrong. */
#include "command.h"
#include <sys/statvfs.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/base/map.h>
#include <tocsin/calendar/day.h>
#include <tocsin/json/json.h>
#include <tocsin/policy/policy.h>
#include <tocsin/rules/merge.h>
#include <tocsin/rules/nominative.h>
#include "crew.h"
#include "gauges.h"
#include "packs.h"
#include "table.h"

enum { WHY_MAX = 1 << 12, STALE_MS = 15000, DISK_LOW = 512 /* MiB */ };

struct status {
	struct context *x;
	struct gauges g;
	bool running;
	int64_t now; /* wall */
	int64_t last_seq;
	int64_t clock; /* town */
	uint64_t queue[5];
	char bundle[65];
	uint64_t disk_free, disk_size; /* bytes, of the state folder */
	struct buf unsigned_; /* ids of rules in force that name a person without a signature */
	struct policy policy; /* empty when it does not load */
	struct buf disputed; /* packs that the folder and somebody else both changed: their names */
	unsigned wrong;
};

static const char *state_word(struct context *x, const struct status *s, const char *label)
{
	int state = (int)gauge_get(&s->g, "member_state", label, 0);
	bool ready = gauge_get(&s->g, "member_ready", label, 0) > 0;
	switch ((enum member_state)state) {
	case MEMBER_RUNNING: return ready ? _w(x, "tourne") : _w(x, "démarre");
	case MEMBER_WAITING: return _w(x, "est tombé, va repartir");
	case MEMBER_DONE: return _w(x, "a fini");
	case MEMBER_STOPPED: return _w(x, "arrêté");
	case MEMBER_IDLE:
	default: return _w(x, "attend");
	}
}

static const char *supervisor = "tocsin";

static void print_processes(struct status *s, struct buf *out)
{
	struct context *x = s->x;
	_table_ struct table t;
	const char *const names[] = {
		_w(x, "processus"), _w(x, "état"), _w(x, ">pid"), _w(x, ">démarrages"), NULL};
	table_init(&t, names);
	for (size_t i = 0; i < s->g.n; i++) {
		const struct gauge *m = &s->g.list[i];
		if (strcmp(m->process, supervisor) != 0 || strcmp(m->name, "member_state") != 0)
			continue;
		table_add(&t, slice_of(m->label));
		table_add(&t, slice_of(state_word(x, s, m->label)));
		int pid = (int)gauge_get(&s->g, "member_pid", m->label, 0);
		if (pid > 0)
			table_printf(&t, "%d", pid);
		else
			table_add(&t, SLICE("–"));
		table_printf(&t, "%.0f", gauge_get(&s->g, "member_starts", m->label, 0));
		if ((int)m->value == MEMBER_WAITING)
			s->wrong++;
	}
	table_print(&t, x->terminal, out);
}

/* "il y a 3 min" */
static void put_ago(struct status *s, struct table *t, double seconds)
{
	char text[40];
	if (seconds <= 0) {
		table_add(t, slice_of(_w(s->x, "jamais")));
		return;
	}
	int64_t ago = s->now - (int64_t)(seconds * 1000);
	table_printf(t, _w(s->x, "il y a %s"), words_duration(s->x->lang, ago > 0 ? ago : 0, text));
}

/* What ingest has counted is from its start on. */
static void print_since(struct status *s, struct buf *out)
{
	for (size_t i = 0; i < s->g.n; i++) {
		const struct gauge *m = &s->g.list[i];
		char text[40];
		if (strcmp(m->process, "tocsin-ingest") != 0 ||
			strcmp(m->name, "process_started_seconds") != 0)
			continue;
		int64_t lasts = s->now - (int64_t)(m->value * 1000);
		buf_printf(out,
			_w(s->x, "reçus et refusés : comptés depuis le démarrage, il y a %s\n"),
			words_duration(s->x->lang, lasts > 0 ? lasts : 0, text));
	}
}

static void print_sources(struct status *s, struct buf *out)
{
	struct context *x = s->x;
	_table_ struct table t;
	char number[40];
	const char *const names[] = {_w(x, "source"), _w(x, "genre"), _w(x, ">reçus"),
		_w(x, ">refusés"), _w(x, "décisions"), _w(x, "dernier signe"), NULL};
	table_init(&t, names);
	for (size_t i = 0; i < x->config.n_sources; i++) {
		const struct source_config *source = &x->config.sources[i];
		table_add(&t, slice_of(source->id));
		table_add(&t, slice_of(source->kind));
		double accepted = gauge_get(&s->g, "source_accepted_total", source->id, 0);
		double refused = gauge_get(&s->g, "source_refused_total", source->id, 0);
		table_add(&t, slice_of(words_number(x->lang, (int64_t)accepted, number)));
		table_add(&t, slice_of(words_number(x->lang, (int64_t)refused, number)));
		table_add(&t,
			slice_of(!config_source_acts(source) ? "–"
					: source->armed      ? _w(x, "armée")
							     : _w(x, "à blanc")));
		if (gauge_get(&s->g, "source_error", source->id, 0) > 0) {
			table_add(&t, slice_of(_w(x, "EN PANNE")));
			s->wrong++;
		} else {
			put_ago(s, &t, gauge_max(&s->g, "source_last_seconds", source->id));
		}
	}
	table_print(&t, x->terminal, out);
}

/* Why a source is not heard, since when, and when it is tried again. */
static void print_troubles(struct status *s, struct buf *out)
{
	struct context *x = s->x;
	char text[40];
	for (size_t i = 0; i < x->config.n_sources; i++) {
		const char *id = x->config.sources[i].id;
		_free_ char *path = xasprintf("%s/metrics/%s.why", x->config.run_dir, id);
		_buf_ struct buf why = {0};
		double since = gauge_get(&s->g, "source_error_since_seconds", id, 0);
		int64_t left =
			(int64_t)(gauge_get(&s->g, "source_next_seconds", id, 0) * 1000) - s->now;
		if (since <= 0 || file_read(path, WHY_MAX, &why, NULL) < 0)
			continue;
		int64_t lasts = s->now - (int64_t)(since * 1000);
		buf_printf(out, _w(x, "%s est en panne depuis %s : %s"), id,
			words_duration(x->lang, lasts > 0 ? lasts : 0, text), buf_string(&why));
		if (left > 0)
			buf_printf(out, _w(x, " ; nouvel essai dans %s"),
				words_duration(x->lang, left, text));
		buf_add_char(out, '\n');
	}
}

/* Whose quota is used up, and when there is some again. */
static void print_quotas(struct status *s, struct buf *out)
{
	struct context *x = s->x;
	for (size_t i = 0; i < x->config.n_sources; i++) {
		const char *id = x->config.sources[i].id;
		char day[DAY_TEXT];
		int minute;
		int64_t at =
			(int64_t)(gauge_get(&s->g, "source_quota_reset_seconds", id, 0) * 1000);
		if (at <= s->now)
			continue;
		if (day_of(at, &minute) == day_of(s->now, NULL))
			buf_printf(out, _w(x, "%s : quota épuisé, reprend à %02d:%02d\n"), id,
				minute / 60, minute % 60);
		else
			buf_printf(out, _w(x, "%s : quota épuisé, reprend %s\n"), id,
				day_format(at, x->lang == WORDS_EN, day));
	}
}

static void put_number(struct status *s, struct buf *out, double v)
{
	char text[40];
	buf_add_string(out, words_number(s->x->lang, (int64_t)v, text));
}

static void print_flow(struct status *s, struct buf *out)
{
	struct context *x = s->x;
	char at[CLOCK_TEXT];
	buf_printf(out, "%s ", _w(x, "enregistrés :"));
	put_number(s, out, (double)s->last_seq);
	double waiting = gauge_get(&s->g, "ingest_waiting", NULL, -1);
	if (waiting >= 0) {
		buf_printf(out, " · %s ", _w(x, "en attente :"));
		put_number(s, out, waiting);
	}
	double searched = gauge_get(&s->g, "search_seq", NULL, -1);
	if (searched >= 0) {
		buf_printf(out, " · %s ", _w(x, "retard de la recherche :"));
		put_number(s, out,
			(double)s->last_seq > searched ? (double)s->last_seq - searched : 0);
	}
	double counted = gauge_get(&s->g, "trend_seq", NULL, -1);
	if (counted >= 0) {
		buf_printf(out, " · %s ", _w(x, "retard des tendances :"));
		put_number(
			s, out, (double)s->last_seq > counted ? (double)s->last_seq - counted : 0);
	}
	buf_printf(out, "\n%s P1 %llu · P2 %llu · P3 %llu · P4 %llu · – %llu\n", _w(x, "file :"),
		(unsigned long long)s->queue[1], (unsigned long long)s->queue[2],
		(unsigned long long)s->queue[3], (unsigned long long)s->queue[4],
		(unsigned long long)s->queue[0]);
	buf_printf(out, "%s %s · %s %.12s\n", _w(x, "heure de la ville :"),
		s->clock > 0 ? clock_format_dhm(s->clock, at) : "–", _w(x, "règles actives :"),
		s->bundle[0] ? s->bundle : _w(x, "aucune"));
	buf_printf(out, "%s %llu MiB", _w(x, "place libre :"),
		(unsigned long long)(s->disk_free >> 20));
	if (s->disk_free >> 20 < DISK_LOW)
		buf_printf(out, "  %s", _w(x, "PEU DE PLACE"));
	buf_add_char(out, '\n');
}

static bool in_trial(const struct status *s)
{
	return policy_trial_at(&s->policy, s->clock > 0 ? s->clock : s->now);
}

/* That alarms go to a few only, and until when. */
static void print_trial(struct status *s, struct buf *out)
{
	char until[DAY_TEXT];
	if (!in_trial(s))
		return;
	buf_printf(out,
		_w(s->x,
			"rodage : jusqu'au %s, les alertes ne vont qu'à %s ; les urgences vont à tous\n"),
		day_format(s->policy.trial.to, s->x->lang == WORDS_EN, until),
		s->policy.trial.names);
}

/* That nobody is told by mail. */
static void print_no_relay(struct status *s, struct buf *out)
{
	if (s->policy.empty || s->x->config.mail.url)
		return;
	config_no_relay(&s->x->config, s->x->lang, out);
	buf_add_char(out, '\n');
}

static void print_restored(struct status *s, struct buf *out)
{
	const size_t before = out->n;
	restored_put(&s->x->config, s->x->lang, out);
	if (out->n == before)
		return;
	buf_add_char(out, '\n');
	s->wrong++;
}

static void print_disputed(struct status *s, struct buf *out)
{
	if (!s->disputed.n)
		return;
	buf_printf(out, DISPUTED_PACKS(s->x->lang), buf_string(&s->disputed));
	buf_add_char(out, '\n');
}

/* Processes that leave no more numbers although they should. */
static void print_silent(struct status *s, struct buf *out)
{
	for (size_t i = 0; i < s->g.n; i++) {
		const struct gauge *m = &s->g.list[i];
		if (strcmp(m->name, "process_written_seconds") != 0)
			continue;
		int64_t age = s->now - (int64_t)(m->value * 1000);
		const char *label = strncmp(m->process, "tocsin-", 7) == 0 ? m->process + 7 : "";
		bool done = (int)gauge_get(&s->g, "member_state", label, 0) == MEMBER_DONE;
		char text[40];
		if (!s->running || done || age < STALE_MS)
			continue;
		buf_printf(out, _w(s->x, "%s ne donne plus signe de vie depuis %s\n"), m->process,
			words_duration(s->x->lang, age, text));
		s->wrong++;
	}
}

/* Rules in force that name a person, and want what a new one would be refused without. */
static void read_unsigned(struct status *s)
{
	_free_ char *path = xasprintf("%s/bundles/%s", s->x->config.state_dir, s->bundle);
	struct problems p = {0};
	struct ruleset *rules = NULL;
	if (*s->bundle && ruleset_load_persons(path, &rules, &p) == 0)
		nominative_unsigned(rules, s->now, &s->unsigned_);
	ruleset_free(rules);
	problems_release(&p);
}

static void print_unsigned(struct status *s, struct buf *out)
{
	if (s->unsigned_.n)
		buf_printf(out,
			_w(s->x,
				"nomment une personne sans mandat, motif ou signature d'un juriste : %s (« tocsin rules check » dit quoi)\n"),
			buf_string(&s->unsigned_));
}

static void print_people(struct status *s)
{
	struct context *x = s->x;
	_buf_ struct buf out = {0};
	if (!s->running) {
		buf_printf(&out, _w(x, "tocsin ne tourne pas (dossier %s)\n"), x->config.run_dir);
		s->wrong++;
	} else {
		print_processes(s, &out);
		print_silent(s, &out);
		buf_add_char(&out, '\n');
	}
	print_flow(s, &out);
	print_trial(s, &out);
	print_disputed(s, &out);
	print_restored(s, &out);
	print_no_relay(s, &out);
	print_unsigned(s, &out);
	if (x->config.n_sources > 0) {
		buf_add_char(&out, '\n');
		print_since(s, &out);
	}
	print_sources(s, &out);
	print_troubles(s, &out);
	print_quotas(s, &out);
	put_text(buf_slice(&out), stdout);
}

static void put_gauge(struct json_writer *w, const struct gauge *m)
{
	json_w_begin(w, '{');
	json_w_text(w, "process", slice_of(m->process));
	json_w_text(w, "name", slice_of(m->name));
	if (*m->label) {
		json_w_text(w, "label", slice_of(m->label));
	}
	json_w_key(w, "value");
	json_w_double(w, m->value);
	json_w_end(w, '}');
}

static void print_json(struct status *s)
{
	_buf_ struct buf out = {0};
	char at[CLOCK_TEXT];
	int64_t restored_at;
	const bool restored = config_restored(&s->x->config, &restored_at);
	struct json_writer w = {.out = &out};
	json_w_begin(&w, '{');
	json_w_key(&w, "running");
	json_w_bool(&w, s->running);
	json_w_number(&w, "committed", s->last_seq);
	json_w_key(&w, "clock");
	if (s->clock > 0)
		json_w_string(&w, slice_of(clock_format(s->clock, at)));
	else
		json_w_null(&w);
	json_w_text(&w, "bundle", slice_of(s->bundle));
	json_w_key(&w, "queue");
	json_w_begin(&w, '{');
	static const char *const keys[] = {"none", "P1", "P2", "P3", "P4"};
	for (size_t i = 0; i < 5; i++) {
		json_w_number(&w, keys[i], (int64_t)s->queue[i]);
	}
	json_w_end(&w, '}');
	json_w_text(&w, "unsigned", buf_slice(&s->unsigned_));
	json_w_number(&w, "disk_free", (int64_t)s->disk_free);
	json_w_key(&w, "trial_until");
	if (in_trial(s))
		json_w_string(&w, slice_of(clock_format(s->policy.trial.to, at)));
	else
		json_w_null(&w);
	json_w_key(&w, "restored_from");
	if (restored)
		json_w_string(&w, slice_of(clock_format(restored_at, at)));
	else
		json_w_null(&w);
	json_w_key(&w, "mail_relay");
	json_w_bool(&w, s->x->config.mail.url);
	json_w_text(&w, "disputed_packs", buf_slice(&s->disputed));
	json_w_key(&w, "metrics");
	json_w_begin(&w, '[');
	for (size_t i = 0; i < s->g.n; i++)
		put_gauge(&w, &s->g.list[i]);
	json_w_end(&w, ']');
	json_w_end(&w, '}');
	buf_add_char(&out, '\n');
	put_text(buf_slice(&out), stdout);
	s->wrong += !s->running + restored;
}

/* Its mistakes are for `tocsin policy check`. */
static void read_policy(struct status *s)
{
	struct problems p = {0};
	if (policy_load(&s->x->config.file, s->x->config.folder, &s->policy, &p) < 0)
		s->policy = (struct policy){.empty = true};
	problems_release(&p);
}

static int read_disputed(struct status *s, struct error *e)
{
	const struct config *c = &s->x->config;
	_free_ char *bundle = xasprintf("%s/bundles/%s", c->state_dir, s->bundle);
	_buf_ struct buf files = {0};
	int r = reader_disputed_packs(s->x->reader, &files, e);
	if (r == 0)
		packs_differing(buf_slice(&files), c->rules_dir, bundle, &s->disputed);
	return r;
}

static int look(struct status *s)
{
	struct context *x = s->x;
	struct error e = {0};
	struct statvfs v;
	s->running = supervisor_runs(&x->config);
	s->now = clock_now();
	gauges_read(&s->g, x->config.run_dir);
	read_policy(s);
	if (statvfs(x->config.state_dir, &v) == 0) {
		s->disk_free = (uint64_t)v.f_bavail * v.f_frsize;
		s->disk_size = (uint64_t)v.f_blocks * v.f_frsize;
	}
	int r = need_reader(x);
	if (r)
		return r;
	if (reader_last_seq(x->reader, &s->last_seq, &e) < 0 ||
		reader_queue_count(x->reader, s->queue, &e) < 0 ||
		reader_bundle(x->reader, s->bundle, &e) < 0 || read_disputed(s, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	read_unsigned(s);
	if (reader_clock(x->reader, x->config.clock_event, &s->clock, &e) < 0)
		s->clock = 0;
	if (s->disk_size > 0 && s->disk_free >> 20 < DISK_LOW)
		s->wrong++;
	return 0;
}

int command_status(struct context *x, int argc, char **argv)
{
	int r = options_parse(x, NULL, 0, &argc, argv);
	if (r == 0)
		r = options_words(x, "status", argc, 0, 0);
	if (r == 0)
		r = need_config(x);
	if (r)
		return r;
	struct status s = {.x = x};
	r = look(&s);
	if (r == 0 && x->json)
		print_json(&s);
	else if (r == 0)
		print_people(&s);
	gauges_release(&s.g);
	buf_release(&s.disputed);
	buf_release(&s.unsigned_);
	policy_release(&s.policy);
	return r ? r : s.wrong ? EXIT_PROBLEMS : EXIT_DONE;
}
