/* SPDX-License-Identifier: GPL-3.0-or-later
 * A message without what citizens say, when it can be composed anew for its reader no more. */
#include "compose.h"
#include <tocsin/record/followed.h>
#include "write.h"

/* Its title, and with it its subject and its sentences, may be made of a citizen's words; that of a declared topic is not,
 * unless it began as one that nobody had declared. */
static bool title_quotes(const struct message *m)
{
	return slice_is(m->kind, incident_kind_names[INCIDENT_EMERGENT]) ||
		slice_is(m->kind, incident_kind_names[INCIDENT_CAMPAIGN]) ||
		slice_is(m->kind, incident_kind_names[INCIDENT_WHOLE]) ||
		slice_is(m->kind, MESSAGE_PAST) || followed_topic(m->topic);
}

static void rename_it(struct writer *w, struct message *m)
{
	buf_printf(&w->text, words(m->lang, "alerte n° %lld"), (long long)m->incident);
	m->title = writer_take(w);
	buf_printf(&w->text, "tocsin · %.*s", (int)m->title.n, m->title.p);
	m->subject = writer_take(w);
	m->topic = m->kind;
	m->n_blocks = m->curve_after = 0;
}

static void drop_quotes(struct message *m)
{
	uint32_t kept = 0, after = m->curve_after;
	for (uint32_t i = 0; i < m->n_blocks; i++)
		if (m->blocks[i].kind != BLOCK_QUOTES)
			m->blocks[kept++] = m->blocks[i];
		else if (i < after)
			m->curve_after--;
	m->n_blocks = kept;
}

void compose_bare(struct message *m, struct arena *arena)
{
	struct writer w = {.arena = arena, .m = m};
	if (m->bare)
		return;
	m->bare = true;
	if (title_quotes(m))
		rename_it(&w, m);
	drop_quotes(m);
	if (m->n_blocks == MESSAGE_BLOCKS_MAX)
		m->n_blocks--;
	compose_left_out(&w, m->lang);
	writer_block(&w, BLOCK_TEXT, words(m->lang, "Période électorale :"));
	buf_release(&w.text);
}

void compose_left_out(struct writer *w, enum words_lang l)
{
	buf_add_string(&w->text,
		words(l,
			"Au cabinet, ce message dit combien, sans citer les habitants : leurs messages, les rumeurs, les mots qui montent et les titres qui en sont faits n'y sont pas."));
}
