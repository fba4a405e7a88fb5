/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin user: the accounts of the console. The password is asked for on a terminal, twice and unseen; elsewhere it is the
 * first line of standard input. It leaves this process only as what Argon2id makes of it. */
#include "change.h"
#include <errno.h>
#include <termios.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/digest/digest.h>
#include <tocsin/json/json.h>
#include <tocsin/record/account.h>
#include "listing.h"

struct password {
	char text[ACCOUNT_PASSWORD_MAX + 2];
};

/* --- the password */

static bool read_line(struct password *p)
{
	if (!fgets(p->text, sizeof(p->text), stdin))
		return false;
	p->text[strcspn(p->text, "\r\n")] = '\0';
	return true;
}

static bool read_unseen(const char *question, struct password *p)
{
	struct termios seen, unseen;
	fprintf(stderr, "%s ", question);
	if (tcgetattr(STDIN_FILENO, &seen) < 0)
		return false;
	unseen = seen;
	unseen.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
	bool ok = read_line(p);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &seen);
	fputc('\n', stderr);
	return ok;
}

static int read_password(struct context *x, struct password *p)
{
	struct password again;
	bool terminal = isatty(STDIN_FILENO) == 1, same = true;
	bool ok = terminal ? read_unseen(_w(x, "Mot de passe :"), p) : read_line(p);
	if (ok && terminal) {
		ok = read_unseen(_w(x, "Encore une fois :"), &again);
		same = ok && strcmp(p->text, again.text) == 0;
		digest_wipe(&again, sizeof(again));
	}
	size_t n = ok ? strlen(p->text) : 0;
	if (!same)
		return complain(x, EXIT_MISUSE, "%s", _w(x, "les deux ne sont pas les mêmes"));
	if (n < ACCOUNT_PASSWORD_MIN || n > ACCOUNT_PASSWORD_MAX)
		return complain(x, EXIT_MISUSE, _w(x, "un mot de passe a de %u à %u caractères"),
			ACCOUNT_PASSWORD_MIN, ACCOUNT_PASSWORD_MAX);
	return 0;
}

static int make_secret(struct context *x, char secret[static DIGEST_PASSWORD])
{
	struct password p;
	int r = read_password(x, &p);
	if (r == 0 && digest_password(slice_of(p.text), secret) < 0)
		r = complain(x, EXIT_PROBLEMS, "%s", _w(x, "mémoire insuffisante"));
	digest_wipe(&p, sizeof(p));
	return r;
}

/* --- the commands */

struct wish {
	const char *who, *reason, *roles, *language, *services, *sources;
	bool password;
};

static int read_roles(struct context *x, const char *text, uint16_t *ret)
{
	*ret = text ? account_roles_read(slice_of(text)) : 0;
	return text && !*ret
		? complain(x, EXIT_MISUSE,
			  _w(x, "rôle inconnu : %s (moderation, dircom, cabinet, admin, regles, juriste, service, dpo, dgs, astreinte)"),
			  text)
		: 0;
}

/* What the account is now, for what a change leaves alone. */
static int take_language(void *user, const struct login *a)
{
	buf_add_slice(user, a->lang);
	return 0;
}

/* Ids that tocsin.yaml knows; "tout": no limit any more, of a change. */
static int read_sources(struct context *x, const char *text, bool change, struct slice *ret)
{
	const bool all = option_is(text, "all", "tout");
	*ret = all ? SLICE(ACCOUNT_ALL_SOURCES) : slice_of(text);
	if (all)
		return change ? 0
			      : complain(x, EXIT_MISUSE, "%s",
					_w(x, "un compte voit toutes les sources sans --sources"));
	return change_sources(x, text);
}

static int put_account(struct context *x, const char *name, const struct wish *w, bool change)
{
	char secret[DIGEST_PASSWORD] = "";
	_buf_ struct buf body = {0}, language = {0};
	struct error e = {0};
	struct slice sources;
	uint16_t roles;
	int r = read_roles(x, w->roles, &roles);
	if (r == 0 && !change && !roles)
		r = complain(x, EXIT_MISUSE, _w(x, "il manque --%s"), "roles");
	if (r == 0 &&
		(!account_services_ok(slice_of(w->services)) ||
			(roles && !(roles & ROLE_SERVICE) != !*w->services)))
		r = complain(x, EXIT_MISUSE, "%s",
			_w(x, "--services (identifiants, séparés par des virgules) et le rôle « service » vont ensemble"));
	if (r == 0 && !account_name_ok(slice_of(name)))
		r = complain(x, EXIT_MISUSE,
			_w(x, "nom de compte refusé : %s (minuscules sans accent, chiffres, et . - _ à l'intérieur)"),
			name);
	if (r == 0)
		r = need_reader(x);
	if (r == 0)
		r = read_sources(x, w->sources, change, &sources);
	if (r == 0 && change && !w->language &&
		reader_account(x->reader, slice_of(name), take_language, &language, &e) < 0)
		r = complain(x, EXIT_PROBLEMS, "%s", e.text);
	if (r == 0 && (!change || w->password))
		r = make_secret(x, secret);
	if (r)
		return r;
	if (w->language)
		buf_add_string(&language, w->language);
	account_encode(&body,
		&(struct account_request){.account = {.name = slice_of(name),
						  .roles = roles,
						  .lang = buf_slice(&language),
						  .secret = slice_of(secret),
						  .services = slice_of(w->services),
						  .sources = sources},
			.who = slice_of(w->who),
			.reason = slice_of(w->reason),
			.replace = change});
	return change_ask(x, REQUEST_ACCOUNT, &body,
		change ? _w(x, "compte changé ; ses sessions sont finies")
		       : _w(x, "compte ajouté"));
}

static int remove_account(struct context *x, const char *name, const struct wish *w)
{
	_buf_ struct buf body = {0};
	account_remove_encode(&body,
		&(struct account_remove_request){.name = slice_of(name), .who = slice_of(w->who)});
	int r = change_ask(x, REQUEST_ACCOUNT_REMOVE, &body,
		_w(x, "compte retiré ; ses sessions sont finies"));
	if (r)
		return r;
	/* the console's (rules/draft.h): it is not for whoever has this name next */
	_free_ char *draft = xasprintf("%s/brouillons/%s", x->config.state_dir, name);
	int gone = file_remove_tree(draft);
	return gone < 0 && gone != -ENOENT
		? complain(x, EXIT_PROBLEMS, "%s : %s", draft, strerror(-gone))
		: 0;
}

/* How it comes in: with a password, or not. */
static const char *entry(const struct context *x, const struct login *a)
{
	if (a->held)
		return _w(x, "fermé");
	if (a->link_until)
		return a->link_until > clock_now() ? _w(x, "attend (lien)") : _w(x, "lien échu");
	return slice_is(a->secret, ACCOUNT_NO_PASSWORD) ? _w(x, "par le serveur d'accès")
							: _w(x, "ouvert");
}

static int show(void *user, const struct login *a)
{
	struct listing *l = user;
	char at[CLOCK_TEXT];
	_buf_ struct buf roles = {0}, line = {0};
	account_roles_write(&roles, a->roles | a->held);
	if (!l->x->json) {
		table_add(&l->table, a->name);
		table_add(&l->table, buf_slice(&roles));
		table_add(&l->table, a->services.n ? a->services : SLICE("–"));
		table_add(&l->table, a->sources.n ? a->sources : SLICE("–"));
		table_add(&l->table, slice_of(entry(l->x, a)));
		table_add(&l->table, a->lang.n ? a->lang : SLICE("–"));
		table_add(&l->table, slice_of(clock_format_dhm(a->changed_at, at)));
		return 0;
	}
	struct json_writer w = {.out = &line};
	json_w_begin(&w, '{');
	json_w_text(&w, "name", a->name);
	json_w_text(&w, "roles", buf_slice(&roles));
	json_w_text(&w, "services", a->services);
	json_w_text(&w, "sources", a->sources);
	json_w_key(&w, "shut");
	json_w_bool(&w, a->held != 0);
	json_w_text(&w, "language", a->lang);
	json_w_time(&w, "changed_at", a->changed_at);
	json_w_end(&w, '}');
	puts(buf_string(&line));
	return 0;
}

static int read_accounts(struct listing *l, struct error *e)
{
	return reader_accounts(l->x->reader, show, l, e);
}

static int list_accounts(struct context *x)
{
	const char *const names[] = {_w(x, "compte"), _w(x, "rôles"), _w(x, "services"),
		_w(x, "sources"), _w(x, "accès"), _w(x, "langue"), _w(x, "changé le"), NULL};
	return listing_show(x, names, read_accounts);
}

int command_user(struct context *x, int argc, char **argv)
{
	struct wish w = {.who = "tocsin user", .reason = "", .services = "", .sources = ""};
	const struct option_spec specs[] = {{"who", "qui", NULL, &w.who},
		{"reason", "raison", NULL, &w.reason}, {"roles", "rôles", NULL, &w.roles},
		{"language", "langue-du-compte", NULL, &w.language},
		{"services", NULL, NULL, &w.services}, {"sources", NULL, NULL, &w.sources},
		{"password", "mot-de-passe", &w.password, NULL}};
	int r = options_parse(x, specs, 7, &argc, argv);
	if (r == 0)
		r = options_words(x, "user", argc, 1, 2);
	if (r)
		return r;
	if (option_is(argv[0], "list", "liste") && argc == 1)
		return list_accounts(x);
	if (option_is(argv[0], "add", "ajouter") && argc == 2)
		return put_account(x, argv[1], &w, false);
	if (option_is(argv[0], "set", "changer") && argc == 2)
		return put_account(x, argv[1], &w, true);
	if (option_is(argv[0], "remove", "retirer") && argc == 2)
		return remove_account(x, argv[1], &w);
	return complain(
		x, EXIT_MISUSE, "%s", _w(x, "list, add NOM, set NOM ou remove NOM est attendu"));
}
