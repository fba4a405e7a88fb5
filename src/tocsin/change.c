/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin ack, note, close, decide: a person changes something. Each is a request to store, logged there with
 * who and why. */
#include "change.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/problem.h>
#include <tocsin/policy/policy.h>
#include <tocsin/record/account.h>
#include <tocsin/record/category.h>
#include "people.h"

int change_required(struct context *x, const char *name, const char *value, size_t max)
{
	if (!value || !*value)
		return complain(x, EXIT_MISUSE, _w(x, "il manque --%s"), name);
	if (strlen(value) > max)
		return complain(x, EXIT_MISUSE, _w(x, "--%s : %zu octets au plus"), name, max);
	return 0;
}

static int first_number(
	struct context *x, const char *command, int argc, char **argv, int words_, int64_t *ret)
{
	int r = options_words(x, command, argc, words_, words_);
	if (r)
		return r;
	return option_number(x, _w(x, "numéro"), argv[0], 1, INT64_MAX, ret);
}

int change_signed(struct context *x, const char *who, const char *text)
{
	int r = change_required(x, "who", who, CHANGE_WHO_MAX);
	if (r == 0 && strlen(text) > CHANGE_TEXT_MAX)
		r = complain(x, EXIT_MISUSE, _w(x, "texte trop long (%d octets au plus)"),
			CHANGE_TEXT_MAX);
	return r;
}

int change_sources(struct context *x, const char *sources)
{
	_free_ char *copy = xstrdup(sources);
	int r = need_config(x);
	if (r)
		return r;
	if (!account_sources_ok(slice_of(sources)))
		return complain(x, EXIT_MISUSE, "%s",
			_w(x, "--sources : identifiants, séparés par des virgules, ou tout"));
	for (char *left = NULL, *id = *copy ? strtok_r(copy, ",", &left) : NULL; id;
		id = strtok_r(NULL, ",", &left))
		if (!config_source(&x->config, id))
			return complain(x, EXIT_MISUSE, _w(x, "source inconnue : %s"), id);
	return 0;
}

int change_ask(struct context *x, enum request_verb verb, const struct buf *body, const char *done)
{
	_buf_ struct buf reply = {0};
	int r = ask_store(x, verb, buf_slice(body), &reply);
	if (r)
		return r;
	if (x->json)
		puts("{\"done\":true}");
	else
		puts(done);
	return EXIT_DONE;
}

/* How long taking charge holds, as the policy says. A policy with mistakes leaves it to store: whoever takes charge
 * tonight must not be stopped by them. */
static int64_t policy_holds(struct context *x)
{
	struct problems p = {0};
	struct policy policy;
	int64_t ms = 0;
	if (policy_load(&x->config.file, x->config.folder, &policy, &p) == 0) {
		ms = policy.ack_ms;
		policy_release(&policy);
	}
	problems_release(&p);
	return ms;
}

struct taken {
	int64_t id, until;
};

static int see_taken(void *user, const struct incident *i)
{
	struct taken *t = user;
	if (i->id == t->id && i->state == INCIDENT_ACKED)
		t->until = i->ack_expires_at;
	return i->id == t->id;
}

/* Whoever is nobody of the policy may take charge all the same, this night; but he is told. */
static void warn_stranger(struct context *x, const char *who)
{
	struct people p = {0};
	people_init(&p, &x->config);
	bool known = p.policy.empty || policy_person(&p.policy, slice_of(who));
	for (size_t i = 0; !known && i < p.policy.n_people; i++)
		known = strcmp(p.policy.people[i].name, who) == 0;
	people_release(&p);
	if (!known)
		complain(x, 0, _w(x, "attention : « %s » n'est pas dans « people »"), who);
}

static int say_taken(struct context *x, int64_t id, const struct buf *body, const char *who)
{
	struct taken t = {.id = id};
	struct error e = {0};
	_buf_ struct buf reply = {0};
	char at[CLOCK_TEXT];
	int r = ask_store(x, REQUEST_ACK, buf_slice(body), &reply);
	if (r)
		return r;
	if (x->json)
		puts("{\"done\":true}");
	else if (reader_incidents(x->reader, true, see_taken, &t, &e) >= 0 && t.until > 0)
		printf(_w(x, "pris en charge jusqu'au %s\n"), clock_format_dhm(t.until, at));
	else
		puts(_w(x, "pris en charge"));
	warn_stranger(x, who);
	return EXIT_DONE;
}

int command_ack(struct context *x, int argc, char **argv)
{
	const char *who = NULL, *duration = NULL, *note = "";
	int64_t id = 0, ms = 0;
	const struct option_spec specs[] = {{"who", "qui", NULL, &who},
		{"for", "pour", NULL, &duration}, {"note", NULL, NULL, &note}};
	int r = options_parse(x, specs, 3, &argc, argv);
	if (r == 0)
		r = first_number(x, "ack", argc, argv, 1, &id);
	if (r == 0)
		r = change_required(x, "who", who, CHANGE_WHO_MAX);
	if (r == 0 && duration)
		r = option_duration(x, "--for", duration, &ms);
	if (r == 0)
		r = need_reader(x);
	if (r)
		return r;
	if (!ms)
		ms = policy_holds(x);
	_buf_ struct buf body = {0}, text = {0};
	buf_printf(&text, "%s%s%s", _w(x, "par la commande"), *note ? " : " : "", note);
	struct ack_request request = {.incident = id,
		.who = slice_of(who),
		.until = ms ? town_clock(x) + ms : 0,
		.text = buf_slice(&text)};
	ack_encode(&body, &request);
	return say_taken(x, id, &body, who);
}

int command_note(struct context *x, int argc, char **argv)
{
	const char *who = NULL;
	int64_t id = 0;
	const struct option_spec specs[] = {{"who", "qui", NULL, &who}};
	int r = options_parse(x, specs, 1, &argc, argv);
	if (r == 0)
		r = first_number(x, "note", argc, argv, 2, &id);
	if (r == 0)
		r = change_signed(x, who, argv[1]);
	if (r == 0)
		r = need_reader(x);
	if (r)
		return r;
	_buf_ struct buf body = {0};
	struct note_request request = {id, town_clock(x), slice_of(who), slice_of(argv[1])};
	note_encode(&body, &request);
	return change_ask(x, REQUEST_NOTE, &body, _w(x, "noté dans la main courante"));
}

int command_close(struct context *x, int argc, char **argv)
{
	const char *who = NULL, *note = "";
	int64_t id = 0;
	const struct option_spec specs[] = {
		{"who", "qui", NULL, &who}, {"note", NULL, NULL, &note}};
	int r = options_parse(x, specs, 2, &argc, argv);
	if (r == 0)
		r = first_number(x, "close", argc, argv, 1, &id);
	if (r == 0)
		r = change_required(x, "who", who, CHANGE_WHO_MAX);
	if (r)
		return r;
	_buf_ struct buf body = {0};
	struct close_request request = {id, slice_of(who), slice_of(note)};
	close_encode(&body, &request);
	return change_ask(x, REQUEST_CLOSE, &body, _w(x, "alarme close"));
}

/* What takes two people is only proposed by the first. */
static int decide(struct context *x, const struct buf *body)
{
	_buf_ struct buf reply = {0};
	int r = ask_store(x, REQUEST_DECIDE, buf_slice(body), &reply);
	bool proposed = reply.n == 1 && reply.p[0] == DECIDED_PROPOSED;
	if (r)
		return r;
	if (x->json)
		puts(proposed ? "{\"done\":true,\"proposed\":true}" : "{\"done\":true}");
	else
		puts(proposed ? _w(x, "proposition enregistrée : une autre personne doit confirmer")
			      : _w(x, "décision enregistrée"));
	return EXIT_DONE;
}

void decide_choices(struct context *x, struct buf *out)
{
	buf_printf(out, "  %s", _w(x, "décisions :"));
	for (size_t i = 0; i < DECISION_NAMES; i++)
		if (strcmp(decision_names[i], DECISION_HOLDING) != 0)
			buf_printf(out, " %s", decision_names[i]);
	buf_printf(out, "\n  %s", _w(x, "catégories :"));
	for (size_t i = 0; i < CATEGORIES; i++)
		if (category_known(slice_of(categories[i])))
			buf_printf(out, " %s", categories[i]);
	buf_add_char(out, '\n');
}

static int bad_category(struct context *x, const char *category)
{
	_buf_ struct buf list = {0};
	const char *near = problem_did_you_mean(slice_of(category), categories, CATEGORIES);
	decide_choices(x, &list);
	if (near)
		return complain(x, EXIT_MISUSE,
			_w(x, "catégorie inconnue : %s (vouliez-vous dire « %s » ?)\n%s"), category,
			near, buf_string(&list));
	return complain(
		x, EXIT_MISUSE, _w(x, "catégorie inconnue : %s\n%s"), category, buf_string(&list));
}

/* The decision that a word names, with its accents or without; NULL: none that this command takes. */
static const char *decision_of(const char *word)
{
	if (option_is(word, "repondre", "répondre"))
		return "repondre";
	if (option_is(word, "transferer", "transférer"))
		return "transferer";
	return decision_known(slice_of(word)) && strcmp(word, DECISION_HOLDING) != 0 ? word : NULL;
}

#define FOLLOW_DAYS 2 /* until the service is reminded */

int command_decide(struct context *x, int argc, char **argv)
{
	const char *who = NULL, *reason = NULL, *category = "", *text = "", *service = "";
	int64_t seq = 0;
	const struct option_spec specs[] = {{"who", "qui", NULL, &who},
		{"reason", "raison", NULL, &reason}, {"category", "catégorie", NULL, &category},
		{"text", "texte", NULL, &text}, {"service", "service", NULL, &service}};
	int r = options_parse(x, specs, 5, &argc, argv);
	if (r == 0)
		r = first_number(x, "decide", argc, argv, 2, &seq);
	if (r == 0)
		r = change_required(x, "who", who, CHANGE_WHO_MAX);
	if (r == 0)
		r = change_required(x, "reason", reason, CHANGE_TEXT_MAX);
	if (r)
		return r;
	const char *decision = decision_of(argv[1]);
	if (!decision)
		return complain(x, EXIT_MISUSE,
			_w(x, "décision inconnue : %s (laisser, masquer, repondre, requalifier, transferer, dossier, supprimer, confirmer, refuser)"),
			argv[1]);
	if (*text && (strcmp(decision, "repondre") != 0 || strlen(text) > ANSWER_MAX))
		return complain(x, EXIT_MISUSE,
			_w(x, "« --text » est ce que le public lit, avec « repondre » (%u octets au plus)"),
			ANSWER_MAX);
	if (*category && !category_known(slice_of(category)))
		return bad_category(x, category);
	const bool sent = strcmp(decision, DECISION_SENT) == 0;
	if (sent != (*service != 0))
		return complain(x, EXIT_MISUSE,
			_w(x, "« --service » va avec « transferer », qui en veut un : un service, ou son nom"));
	_buf_ struct buf body = {0};
	struct decide_request request = {.seq = seq,
		.text = slice_of(text),
		.decision = slice_of(decision),
		.who = slice_of(who),
		.reason = slice_of(reason),
		.category = slice_of(category),
		.service = slice_of(service),
		.until = sent ? clock_now() + FOLLOW_DAYS * CLOCK_DAY : 0};
	decide_encode(&body, &request);
	return decide(x, &body);
}
