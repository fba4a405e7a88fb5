/* SPDX-License-Identifier: GPL-3.0-or-later
 * One account, as the administration sees it: its page (account.c), the forms on it (account_forms.c), what they ask of store
 * (account_act.c), a new one (account_new.c). Nobody of them ever knows a password: whoever is new, or forgot his, chooses one
 * behind a link (setup.c). */
#ifndef CONSOLE_ACCOUNT_H
#define CONSOLE_ACCOUNT_H
#include "../console.h"

struct account { /* as it is now */
	uint16_t roles, held; /* held: he is shut out */
	int64_t changed_at, raised_at, link_until;
	bool no_password;
	char lang[3], sources[ACCOUNT_SOURCES_MAX + 1], services[ACCOUNT_SERVICES_MAX + 1];
};
enum account_form {
	ACCOUNT_FORM_NONE,
	ACCOUNT_FORM_SOURCES,
	ACCOUNT_FORM_ROLES,
	ACCOUNT_FORM_LINK,
	ACCOUNT_FORM_SHUT,
	ACCOUNT_FORM_OPEN
};
/* What a form says, as far as it does. */
struct account_wish {
	struct buf name, lang, reason, nonce;
	struct buf services, sources; /* ids with commas between them */
	uint16_t roles;
	int64_t known; /* 0: it does not say */
	bool chosen, all; /* of the sources: which button; all of them */
};
void account_wish_release(struct account_wish *w);
/* a: as it is; of one that is not there, all zero. */
void account_wish_read(struct visit *v, const struct account *a, struct account_wish *w);
/* The one in the path; false: there is none, and the visit is over. */
bool account_find(struct visit *v, struct account *ret) _must_check_;
/* Whether it may be limited to sources. */
bool account_is_limitable(const struct account *a);
/* The page of the one in the path. wrong, form, typed: what came of a form; NULL and none at first. */
void account_page(struct visit *v, unsigned status, const char *wrong, enum account_form form,
	const struct account_wish *typed);
/* How it comes in: "accès fermé", "attend son mot de passe…"; nothing to say: false. */
bool account_put_entry(struct visit *v, const struct account *a);
/* He gave himself roles: that is said; else nothing. */
void account_put_raised(struct visit *v, int64_t at);
void account_put_sources(struct visit *v, struct slice sources); /* their titles; "toutes" */
int account_take(void *user, const struct login *a); /* into a struct account */

/* account_forms.c */
void account_put_role_boxes(struct visit *v, uint16_t chosen);
/* Of the services of tocsin.yaml, and of the account's. Nothing when there are none. */
void account_put_service_boxes(struct visit *v, const struct account *a, struct slice chosen);
/* all: every box is what an account without a limit sees: none is checked. */
void account_put_source_boxes(
	struct visit *v, const struct account *a, const char *legend, struct slice chosen);
void account_put_forms(struct visit *v, const struct account *a, enum account_form form,
	const struct account_wish *typed);
/* What makes the link of a form the same when it comes twice. */
void account_put_nonce(struct visit *v);

/* account_act.c: the secret of the link that the visit's form asks for, and its digest; the next page shows it. */
void account_link(struct visit *v, struct slice name, const struct account_wish *w,
	char secret[static SESSION_TOKEN], unsigned char digest[static DIGEST_SIZE]);
void account_link_shown_next(struct visit *v, struct slice name, const struct account_wish *w);
/* Why roles with these services cannot be; NULL: they can. */
const char *account_wrong_roles(struct visit *v, const struct account_wish *w);
#endif
