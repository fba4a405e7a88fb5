/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/audit.h>

const char *const audit_verbs[AUDIT_VERBS] = {
	[AUDIT_SEARCH] = "search",
	[AUDIT_HANDLE] = "handle",
	[AUDIT_OPPOSE] = "oppose",
	[AUDIT_EXPORT] = "export",
	[AUDIT_PURGE] = "purge",
	[AUDIT_ACCOUNT] = "account",
	[AUDIT_TOKEN] = "token",
	[AUDIT_SIGN_IN] = "sign-in",
	[AUDIT_REFUSED] = "refused",
	[AUDIT_BUNDLE] = "bundle",
	[AUDIT_SIGN] = "sign",
	[AUDIT_ABSENCE] = "absence",
	[AUDIT_DECIDE] = "decide",
	[AUDIT_SECOND] = "second",
	[AUDIT_BULK] = "bulk",
	[AUDIT_PROPOSE] = "propose",
	[AUDIT_MISSED] = "missed",
	[AUDIT_DOSSIER] = "dossier",
	[AUDIT_ACK] = "ack",
	[AUDIT_CLOSE] = "close",
	[AUDIT_REOPEN] = "reopen",
	[AUDIT_SILENCE] = "silence",
	[AUDIT_DRILL] = "drill",
	[AUDIT_REVISE] = "revise",
};
