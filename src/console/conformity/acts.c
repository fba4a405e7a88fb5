/* SPDX-License-Identifier: GPL-3.0-or-later
 * The administration sees what concerns accounts and rules; what was looked for or decided may tell of citizens, and is the
 * DPO's. */
#include "acts.h"
#include <tocsin/record/account.h>
#include <tocsin/words/words.h>

const struct act_tab act_tabs[ACT_GROUPS] = {
	[ACTS_PERSONS] = {"acces", WORDS_MARK("Recherches, accès et exports"), ROLE_DPO},
	[ACTS_PURGES] = {"purges", WORDS_MARK("Effacements"), ROLE_DPO | ROLE_ADMIN},
	[ACTS_ACCOUNTS] = {"comptes", WORDS_MARK("Comptes, jetons, règles et absences"),
		ROLE_DPO | ROLE_ADMIN},
	[ACTS_DECISIONS] = {"decisions", WORDS_MARK("Décisions, dossiers et alertes"), ROLE_DPO},
};

const struct act acts[AUDIT_VERBS] = {
	[AUDIT_SEARCH] = {WORDS_MARK("recherche"), ACTS_PERSONS},
	[AUDIT_HANDLE] = {WORDS_MARK("accès à une personne"), ACTS_PERSONS},
	[AUDIT_OPPOSE] = {WORDS_MARK("opposition"), ACTS_PERSONS},
	[AUDIT_EXPORT] = {WORDS_MARK("export"), ACTS_PERSONS},
	[AUDIT_PURGE] = {WORDS_MARK("effacement"), ACTS_PURGES},
	[AUDIT_ACCOUNT] = {WORDS_MARK("compte"), ACTS_ACCOUNTS},
	[AUDIT_TOKEN] = {WORDS_MARK("jeton"), ACTS_ACCOUNTS},
	[AUDIT_SIGN_IN] = {WORDS_MARK("connexion"), ACTS_ACCOUNTS},
	[AUDIT_REFUSED] = {WORDS_MARK("connexion refusée"), ACTS_ACCOUNTS},
	[AUDIT_BUNDLE] = {WORDS_MARK("règles publiées"), ACTS_ACCOUNTS},
	[AUDIT_SIGN] = {WORDS_MARK("règles signées par un juriste"), ACTS_ACCOUNTS},
	[AUDIT_ABSENCE] = {WORDS_MARK("absence"), ACTS_ACCOUNTS},
	[AUDIT_DECIDE] = {WORDS_MARK("décision"), ACTS_DECISIONS},
	[AUDIT_REQUALIFY] = {WORDS_MARK("requalification"), ACTS_DECISIONS},
	[AUDIT_SECOND] = {WORDS_MARK("second regard"), ACTS_DECISIONS},
	[AUDIT_BULK] = {WORDS_MARK("décision groupée"), ACTS_DECISIONS},
	[AUDIT_PROPOSE] = {WORDS_MARK("réponse proposée"), ACTS_DECISIONS},
	[AUDIT_MISSED] = {WORDS_MARK("oubli mis de côté"), ACTS_DECISIONS},
	[AUDIT_DOSSIER] = {WORDS_MARK("dossier"), ACTS_DECISIONS},
	[AUDIT_ACK] = {WORDS_MARK("prise en charge"), ACTS_DECISIONS},
	[AUDIT_RELEASE] = {WORDS_MARK("main rendue"), ACTS_DECISIONS},
	[AUDIT_PASS_ON] = {WORDS_MARK("relais demandé"), ACTS_DECISIONS},
	[AUDIT_CLOSE] = {WORDS_MARK("clôture"), ACTS_DECISIONS},
	[AUDIT_REOPEN] = {WORDS_MARK("réouverture"), ACTS_DECISIONS},
	[AUDIT_SILENCE] = {WORDS_MARK("sourdine"), ACTS_DECISIONS},
	[AUDIT_DRILL] = {WORDS_MARK("exercice"), ACTS_DECISIONS},
	[AUDIT_REVISE] = {WORDS_MARK("verdict complété"), ACTS_DECISIONS},
};

const struct act *act_of(struct slice verb)
{
	for (size_t i = 0; i < AUDIT_VERBS; i++)
		if (slice_is(verb, audit_verbs[i]))
			return &acts[i];
	return NULL;
}

void act_verbs(enum act_group group, struct buf *ret)
{
	buf_add_char(ret, ' ');
	for (size_t i = 0; i < AUDIT_VERBS; i++)
		if (acts[i].group == group)
			buf_printf(ret, "%s ", audit_verbs[i]);
}
