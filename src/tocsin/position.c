/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin incident langage, tocsin incident consigne: what the town hall says of an alarm, and what its teams are to do.
 * Each version is an entry of the main courante; the latest is in force, and the messages that follow carry it. */
#include "incident.h"
#include <tocsin/base/clock.h>
#include "change.h"

static const char *const wording_words[] = {"langage", "wording"};
static const char *const instruction_words[] = {"consigne", "instruction"};

static bool is_one(const char *word, const char *const words_[2])
{
	return strcmp(word, words_[0]) == 0 || strcmp(word, words_[1]) == 0;
}

bool position_is(const char *word)
{
	return is_one(word, wording_words) || is_one(word, instruction_words);
}

int position_set(struct context *x, int argc, char **argv, const char *who)
{
	bool wording = is_one(argv[0], wording_words);
	int64_t id = 0;
	int r = options_words(x, "incident", argc, 3, 3);
	if (r == 0)
		r = option_number(x, _w(x, "numéro d'alarme"), argv[1], 1, INT64_MAX, &id);
	if (r == 0)
		r = change_signed(x, who, argv[2]);
	if (r == 0)
		r = need_reader(x);
	if (r)
		return r;
	_buf_ struct buf body = {0};
	struct note_request request = {id, town_clock(x), slice_of(who), slice_of(argv[2])};
	note_encode(&body, &request);
	return change_ask(x, wording ? REQUEST_WORDING : REQUEST_INSTRUCTION, &body,
		!*argv[2] ? _w(x, "retiré ; la main courante garde ce qui a été dit")
			: wording
			? _w(x, "éléments de langage validés ; les messages suivants les portent")
			: _w(x, "consigne donnée ; les messages suivants la portent"));
}

static void put_one(struct json_writer *w, const char *key, const struct incident_entry *e)
{
	json_w_key(w, key);
	if (!e->text.n) {
		json_w_null(w);
		return;
	}
	json_w_begin(w, '{');
	json_w_text(w, "text", e->text);
	json_w_text(w, "who", e->who);
	json_w_time(w, "at", e->at);
	json_w_end(w, '}');
}

void position_json(const struct position *p, struct json_writer *w)
{
	put_one(w, "wording", &p->wording);
	put_one(w, "instruction", &p->instruction);
}

void position_author(const struct incident_entry *e, struct people *people, struct buf *out)
{
	char at[CLOCK_TEXT];
	people_put(people, e->who, out);
	buf_printf(out, ", %s", clock_format_dhm(e->at, at));
}
