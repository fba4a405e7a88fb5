/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/followed.h>

static bool is_thread(const struct incident *i)
{
	const size_t n = sizeof(INCIDENT_THREAD_TOPIC) - 1;
	return i->kind == INCIDENT_WHOLE && i->topic.n > n &&
		memcmp(i->topic.p, INCIDENT_THREAD_TOPIC, n) == 0;
}

bool phrase_bare_title(enum words_lang lang, const struct incident *i, struct buf *out)
{
	const struct slice title = incident_subject(i);
	const char *bare = i->kind == INCIDENT_EMERGENT ? words(lang, "Sujet émergent")
		: i->kind == INCIDENT_CAMPAIGN          ? words(lang, "Texte recopié")
		: is_thread(i) ? words(lang, "Beaucoup de messages sous une même publication")
			       : NULL;
	const int64_t followed = i->kind == INCIDENT_TOPIC ? followed_topic(i->topic) : 0;
	if (followed)
		buf_printf(out, words(lang, "Sujet suivi n° %lld"), (long long)followed);
	else if (bare)
		buf_add_string(out, bare);
	else
		buf_add_slice(out, title.n ? title : i->topic);
	return bare || followed;
}
