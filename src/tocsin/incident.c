/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin incident N: the facts, who was told, the main courante. */
#include "incident.h"
#include <tocsin/base/clock.h>
#include <tocsin/base/utf8.h>
#include "people.h"
#include <errno.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/report/report.h>
#include "table.h"

enum { EXAMPLE_BYTES = 160 };

struct one {
	struct context *x;
	struct buf out;
	struct json_writer w;
	struct table table;
	struct people people;
	struct position position;
	int64_t examples[5];
	uint32_t n_examples;
	bool found;
};

static void put_level(struct one *o, enum town_level level)
{
	if (o->x->terminal)
		buf_printf(&o->out, "\033[%sm%s\033[0m", phrase_level_colour(level),
			phrase_level(level));
	else
		buf_add_string(&o->out, phrase_level(level));
}

static void put_counts(struct one *o, const struct incident_facts *f)
{
	struct context *x = o->x;
	char at[CLOCK_TEXT], often[64];
	if (f->messages == 0)
		return;
	buf_printf(&o->out, _w(x, "  messages : %u ; auteurs : %u ; sources : %u ; depuis %s\n"),
		f->messages, f->authors, f->sources, clock_format_dhm(f->since, at));
	if (f->usual_high > 0)
		buf_printf(&o->out, _w(x, "  d'habitude à cette heure : %.0f à %.0f\n"),
			f->usual_low, f->usual_high);
	if (words_return(x->lang, f->once_in, often))
		buf_printf(&o->out, _w(x, "  un tel niveau est attendu %s\n"), often);
	buf_printf(&o->out,
		_w(x, "  dernier quart d'heure : %u ; les cinq plus actifs : %u %% ; texte copié : %u\n"),
		f->recent, f->top5_share, f->copied);
	buf_printf(&o->out, _w(x, "  questions : %u ; offenses possibles : %u\n"), f->questions,
		f->offences);
	if (f->engagement)
		buf_printf(&o->out,
			_w(x, "  j'aime et partages : %u ; messages bien au-dessus de l'habitude : %u\n"),
			f->engagement, f->echoed);
	for (uint32_t i = 0; i < f->n_deaf; i++) {
		buf_add_string(&o->out, i ? ", " : _w(x, "  sources non entendues : "));
		table_clean(&o->out, f->deaf[i], false);
	}
	if (f->n_deaf)
		buf_add_char(&o->out, '\n');
}

static int show(void *user, const struct incident *i)
{
	struct one *o = user;
	struct context *x = o->x;
	char at[CLOCK_TEXT];
	o->found = true;
	if (x->json) {
		incident_json(&o->w, i);
		return 0;
	}
	buf_printf(&o->out, "%lld  ", (long long)i->id);
	put_level(o, i->level);
	buf_add_string(&o->out, "  ");
	table_clean(&o->out, i->title.n ? i->title : i->topic, false);
	buf_printf(&o->out, "\n  %s", phrase_state(x->lang, i->state));
	if (i->state == INCIDENT_ACKED) {
		buf_add_string(&o->out, _w(x, " par "));
		table_clean(&o->out, i->acked_by, false);
		if (i->ack_expires_at > 0)
			buf_printf(&o->out, _w(x, " jusqu'à %s"),
				clock_format_dhm(i->ack_expires_at, at));
	}
	buf_printf(&o->out, _w(x, " ; ouvert le %s"), clock_format_dhm(i->opened_at, at));
	buf_printf(&o->out, _w(x, " ; au plus haut : %s\n"), phrase_level(i->peak));
	if (i->silenced_until > 0)
		buf_printf(&o->out, _w(x, "  silence jusqu'au %s\n"),
			clock_format_dhm(i->silenced_until, at));
	if (i->next_at > 0)
		buf_printf(&o->out, _w(x, "  prochain point le %s\n"),
			clock_format_dhm(i->next_at, at));
	put_counts(o, &i->facts);
	while (o->n_examples < i->facts.n_examples && o->n_examples < 5) {
		o->examples[o->n_examples] = i->facts.examples[o->n_examples];
		o->n_examples++;
	}
	return 0;
}

static int entry_json(struct one *o, const struct incident_entry *e)
{
	struct json_writer *w = &o->w;
	json_w_begin(w, '{');
	json_w_number(w, "id", e->id);
	json_w_time(w, "at", e->at);
	json_w_time(w, "written_at", e->written_at);
	json_w_text(w, "kind", slice_of(entry_kind_names[e->kind]));
	json_w_text(w, "level", slice_of(town_level_names[e->level]));
	json_w_text(w, "who", e->who);
	json_w_text(w, "text", e->text);
	json_w_end(w, '}');
	return 0;
}

static int entry(void *user, const struct incident_entry *e)
{
	struct one *o = user;
	char at[CLOCK_TEXT];
	position_take(&o->position, e);
	if (o->x->json)
		return entry_json(o, e);
	table_add(&o->table, slice_of(clock_format_dhm(e->at, at)));
	table_add(&o->table, slice_of(phrase_level(e->level)));
	table_add(&o->table, slice_of(phrase_event(o->x->lang, e)));
	_buf_ struct buf who = {0}, text = {0};
	people_put(&o->people, e->who, &who);
	table_add(&o->table, buf_slice(&who));
	if (!e->text.n && (e->kind == ENTRY_WORDING || e->kind == ENTRY_INSTRUCTION))
		buf_add_string(&text, _w(o->x, "(retiré)"));
	phrase_trigger(o->x->lang, e->text, &text);
	table_add(&o->table, buf_slice(&text));
	return 0;
}

static int put_example(void *user, const struct stored_comment *c)
{
	struct one *o = user;
	char at[CLOCK_TEXT];
	_buf_ struct buf text = {0};
	if (c->gone)
		return 0;
	buf_printf(&o->out, "  %lld  %s  ", (long long)c->seq,
		clock_format_dhm(c->comment.created_at, at));
	table_clean(&o->out, c->comment.source, false);
	buf_add_string(&o->out, "  ");
	table_clean(&text, utf8_cut(c->comment.text, EXAMPLE_BYTES), false);
	buf_add_slice(&o->out, buf_slice(&text));
	buf_add_string(&o->out, c->comment.text.n > EXAMPLE_BYTES ? "…\n" : "\n");
	return 0;
}

/* The comments that weigh. */
static int put_examples(struct one *o, struct error *e)
{
	int r = 0;
	if (o->n_examples > 0)
		buf_printf(&o->out, "\n%s\n", _w(o->x, "Ce qui se dit"));
	for (uint32_t i = 0; i < o->n_examples && r >= 0; i++)
		r = reader_comment(o->x->reader, o->examples[i], put_example, o, e);
	return r;
}

static void put_in_force(struct one *o, const struct incident_entry *e, const char *name)
{
	_buf_ struct buf author = {0};
	struct slice rest = e->text, line;
	if (!rest.n)
		return;
	position_author(e, &o->people, &author);
	buf_printf(&o->out, "\n%s (", name);
	table_clean(&o->out, buf_slice(&author), false);
	buf_add_string(&o->out, ")\n");
	while (position_line(&rest, &line)) {
		buf_add_string(&o->out, "  ");
		table_clean(&o->out, line, false);
		buf_add_char(&o->out, '\n');
	}
}

static int read_one(struct one *o, int64_t id)
{
	struct context *x = o->x;
	struct error e = {0};
	if (x->json)
		json_w_begin(&o->w, '{');
	int status = reader_incident(x->reader, id, show, o, &e);
	if (status < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	if (!o->found)
		return complain(
			x, EXIT_PROBLEMS, _w(x, "il n'y a pas d'alarme n° %lld"), (long long)id);
	if (x->json) {
		json_w_key(&o->w, "entries");
		json_w_begin(&o->w, '[');
	} else if (put_examples(o, &e) < 0) {
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	}
	if (reader_log(x->reader, id, entry, o, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	if (x->json) {
		json_w_end(&o->w, ']');
		position_json(&o->position, &o->w);
		json_w_end(&o->w, '}');
	} else {
		put_in_force(o, &o->position.instruction, _w(x, "Consigne"));
		put_in_force(o, &o->position.wording, _w(x, "Éléments de langage"));
		buf_printf(&o->out, "\n%s\n", _w(x, "Main courante"));
		table_print(&o->table, x->terminal, &o->out);
	}
	if (o->out.n == 0 || o->out.p[o->out.n - 1] != '\n')
		buf_add_char(&o->out, '\n');
	put_text(buf_slice(&o->out), stdout);
	return EXIT_DONE;
}

static int print_report(struct context *x, int64_t id, bool occulted)
{
	struct people people;
	_buf_ struct buf out = {0};
	struct error e = {0};
	people_init(&people, &x->config);
	const struct report_request q = {
		x->reader, &x->config, &people.policy, x->lang, id, occulted};
	int r = report_put(&out, &q, &e);
	people_release(&people);
	if (r == -ENOENT)
		return complain(
			x, EXIT_PROBLEMS, _w(x, "il n'y a pas d'alarme n° %lld"), (long long)id);
	if (r < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	put_text(buf_slice(&out), stdout);
	return EXIT_DONE;
}

static bool is_report(const char *word)
{
	return option_is(word, "report", "rapport");
}

static int print_one(struct context *x, int64_t id)
{
	struct one o = {.x = x};
	o.w.out = &o.out;
	const char *const names[] = {
		_w(x, "quand"), _w(x, "niveau"), _w(x, "quoi"), _w(x, "qui"), _w(x, "texte"), NULL};
	table_init(&o.table, names);
	people_init(&o.people, &x->config);
	arena_init(&o.position.arena, 0);
	int r = read_one(&o, id);
	people_release(&o.people);
	arena_release(&o.position.arena);
	table_release(&o.table);
	buf_release(&o.out);
	return r;
}

int command_incident(struct context *x, int argc, char **argv)
{
	int64_t id = 0;
	bool occult = false;
	const char *who = NULL, *reason = NULL;
	const struct option_spec options[] = {{"occult", "occulté", &occult, NULL},
		{"who", "qui", NULL, &who}, {"reason", "motif", NULL, &reason}};
	int r = options_parse(x, options, 3, &argc, argv);
	if (r == 0 && argc > 0 && reopen_is(argv[0]) && !occult)
		return reopen_ask(x, argc, argv, who, reason);
	if (r == 0 && reason)
		return complain(x, EXIT_MISUSE, "%s", _w(x, "--reason : avec rouvrir"));
	if (r == 0 && argc > 0 && position_is(argv[0]) && !occult)
		return position_set(x, argc, argv, who);
	if (r == 0 && who)
		return complain(
			x, EXIT_MISUSE, "%s", _w(x, "--who : avec langage, consigne ou rouvrir"));
	bool report = r == 0 && argc > 0 && is_report(argv[0]);
	if (r == 0)
		r = options_words(x, "incident", argc, report || occult ? 2 : 1, report ? 2 : 1);
	if (r == 0)
		r = option_number(x, _w(x, "numéro d'alarme"), argv[report], 1, INT64_MAX, &id);
	if (r == 0)
		r = need_reader(x);
	if (r)
		return r;
	return report ? print_report(x, id, occult) : print_one(x, id);
}
