/* SPDX-License-Identifier: GPL-3.0-or-later
 * What people do that is written down for good: who, what, why. Its verbs, as they stand in the database and in exports. */
#ifndef TOCSIN_RECORD_AUDIT_H
#define TOCSIN_RECORD_AUDIT_H

enum audit_verb {
	AUDIT_SEARCH,
	AUDIT_HANDLE, /* a look at one person */
	AUDIT_OPPOSE,
	AUDIT_EXPORT,
	AUDIT_PURGE,
	AUDIT_ACCOUNT,
	AUDIT_TOKEN,
	AUDIT_SIGN_IN,
	AUDIT_REFUSED, /* sign-ins: an account and hour */
	AUDIT_BUNDLE, /* rules are published */
	AUDIT_SIGN, /* … that name a person */
	AUDIT_ABSENCE,
	AUDIT_DECIDE,
	AUDIT_REQUALIFY, /* it waits on as something else */
	AUDIT_SECOND, /* proposed to another one, refused, withdrawn */
	AUDIT_BULK,
	AUDIT_PROPOSE, /* an answer of a service */
	AUDIT_MISSED, /* what was reported as missed is put aside */
	AUDIT_DOSSIER,
	AUDIT_ACK,
	AUDIT_RELEASE, /* an alarm is nobody's again */
	AUDIT_PASS_ON, /* somebody is asked to take it over */
	AUDIT_CLOSE,
	AUDIT_REOPEN,
	AUDIT_SILENCE,
	AUDIT_DRILL,
	AUDIT_REVISE, /* the machine, when a rate holds */
	AUDIT_VERBS
};
extern const char *const audit_verbs[AUDIT_VERBS];
#endif
