/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/verdict.h>

#include <errno.h>

#include <tocsin/base/arena.h>
#include <tocsin/json/json.h>
#include <tocsin/record/wire.h>

/* 1 had no shadows and no rated; what is stored of it is still read. */
#define VERDICT_VERSION 2u
#define VERDICT_OLDEST 1u

static uint32_t at_most(uint32_t n, uint32_t max)
{
	return n < max ? n : max;
}

static void put_list(struct buf *out, const struct slice *list, uint32_t n)
{
	n = at_most(n, VERDICT_LIST_MAX);
	wire_put_varint(out, n);
	for (uint32_t i = 0; i < n; i++)
		wire_put_bytes(out, list[i]);
}

void verdict_encode(struct buf *out, const struct verdict *v)
{
	uint32_t n = at_most(v->n_matches, VERDICT_MATCHES_MAX);

	wire_put_u8(out, VERDICT_VERSION);
	wire_put_u8(out, (uint8_t)v->level);
	wire_put_u8(out, v->lanes);
	wire_put_u8(out, v->priority);
	wire_put_u8(out, v->unscored);
	wire_put_varint(out, v->score);
	put_list(out, v->categories, v->n_categories);
	put_list(out, v->topics, v->n_topics);
	put_list(out, v->shadows, v->n_shadows);
	put_list(out, v->rated, v->n_rated);
	wire_put_varint(out, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct verdict_match *m = &v->matches[i];

		wire_put_bytes(out, m->rule);
		wire_put_bytes(out, m->category);
		wire_put_varint(out, m->start);
		wire_put_varint(out, m->end);
	}
}

/* Returns the version, or -EBADMSG. */
static int read_head(struct wire *w, struct verdict *v)
{
	uint8_t level, version = wire_u8(w);
	uint64_t score;

	if (version < VERDICT_OLDEST || version > VERDICT_VERSION)
		return -EBADMSG;
	level = wire_u8(w);
	v->lanes = wire_u8(w);
	v->priority = wire_u8(w);
	v->unscored = wire_u8(w);
	score = wire_varint(w);
	if (w->bad || level > VERDICT_ALERT || v->lanes > (LANE_MODERATION | LANE_REPONSE) ||
		v->priority > 4 || v->unscored > UNSCORED_UNREADABLE || score > UINT32_MAX)
		return -EBADMSG;
	v->level = (enum verdict_level)level;
	v->score = (uint32_t)score;
	return version;
}

static void read_list(struct wire *w, struct arena *arena, struct slice **list, uint32_t *n)
{
	uint64_t count = wire_varint(w);

	if (count > VERDICT_LIST_MAX)
		w->bad = true;
	if (w->bad || !count)
		return;
	*list = arena_alloc(arena, count * sizeof(**list));
	*n = (uint32_t)count;
	for (uint32_t i = 0; i < *n; i++)
		(*list)[i] = wire_bytes(w);
}

int verdict_decode(struct slice s, struct arena *arena, struct verdict *ret)
{
	struct wire w = wire_reader(s);
	struct verdict v = {0};
	uint64_t n;
	int version = read_head(&w, &v);

	if (version < 0)
		return -EBADMSG;
	read_list(&w, arena, &v.categories, &v.n_categories);
	read_list(&w, arena, &v.topics, &v.n_topics);
	if (version >= 2) {
		read_list(&w, arena, &v.shadows, &v.n_shadows);
		read_list(&w, arena, &v.rated, &v.n_rated);
	}
	n = wire_varint(&w);
	if (w.bad || n > VERDICT_MATCHES_MAX)
		return -EBADMSG;
	if (n)
		v.matches = arena_alloc(arena, n * sizeof(*v.matches));
	v.n_matches = (uint32_t)n;
	for (uint32_t i = 0; i < v.n_matches; i++) {
		struct verdict_match *m = &v.matches[i];
		uint64_t start, end;

		m->rule = wire_bytes(&w);
		m->category = wire_bytes(&w);
		start = wire_varint(&w);
		end = wire_varint(&w);
		if (start > end || end > UINT32_MAX)
			return -EBADMSG;
		m->start = (uint32_t)start;
		m->end = (uint32_t)end;
	}
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = v;
	return 0;
}

int verdict_peek(struct slice s, struct verdict *ret)
{
	struct wire w = wire_reader(s);
	struct verdict v = {0};

	if (read_head(&w, &v) < 0)
		return -EBADMSG;
	*ret = v;
	return 0;
}

/* Without a priority is less urgent than the least. */
static unsigned urgency(const struct verdict *v)
{
	return v->priority ? 5u - v->priority : 0;
}

bool verdict_raises(const struct verdict *before, const struct verdict *now)
{
	if (now->level < before->level || urgency(now) < urgency(before) ||
		now->score < before->score || before->lanes & ~now->lanes ||
		(before->unscored && !now->unscored) || now->n_topics < before->n_topics ||
		now->n_categories < before->n_categories)
		return false;
	return now->level > before->level || urgency(now) > urgency(before) ||
		now->score > before->score || now->lanes != before->lanes ||
		now->unscored != before->unscored || now->n_topics > before->n_topics ||
		now->n_categories > before->n_categories;
}

static bool is_one(const struct slice *list, uint32_t n, const char *id)
{
	for (uint32_t i = 0; i < n; i++)
		if (slice_is(list[i], id))
			return true;
	return false;
}

static bool found_by(const struct verdict *v, const char *id)
{
	for (uint32_t i = 0; i < v->n_matches; i++)
		if (slice_is(v->matches[i].rule, id))
			return true;
	return false;
}

bool verdict_wants_two(const struct verdict *v, struct slice category, char *const *ids)
{
	if (v->priority == 1)
		return false;
	for (; ids && *ids; ids++)
		if (slice_is(category, *ids) || is_one(v->categories, v->n_categories, *ids) ||
			is_one(v->topics, v->n_topics, *ids) ||
			is_one(v->shadows, v->n_shadows, *ids) || found_by(v, *ids))
			return true;
	return false;
}

bool author_wants_two(struct slice source, struct slice author, char *const *ids)
{
	for (; ids && *ids && author.n; ids++) {
		const struct slice id = slice_of(*ids);

		if (id.n == source.n + 1 + author.n && memcmp(id.p, source.p, source.n) == 0 &&
			id.p[source.n] == '/' &&
			memcmp(id.p + source.n + 1, author.p, author.n) == 0)
			return true;
	}
	return false;
}

static void write_matches(struct json_writer *w, const struct verdict *v, struct slice text)
{
	json_w_key(w, "matches");
	json_w_begin(w, '[');
	for (uint32_t i = 0; i < v->n_matches; i++) {
		const struct verdict_match *m = &v->matches[i];
		size_t end = m->end < text.n ? m->end : text.n;
		size_t start = m->start < end ? m->start : end;

		json_w_begin(w, '{');
		json_w_text(w, "rule", m->rule);
		json_w_text(w, "category", m->category);
		json_w_number(w, "start", m->start);
		json_w_number(w, "end", m->end);
		json_w_text(w, "text", (struct slice){text.p + start, end - start});
		json_w_end(w, '}');
	}
	json_w_end(w, ']');
}

void verdict_to_json(struct buf *out, const struct verdict *v, struct slice id, struct slice text,
	const char *bundle)
{
	static const char *const levels[] = {"none", "queue", "alert"};
	static const char *const unscored[] = {"", "limit", "attempts", "unreadable"};
	struct json_writer w = {out, false};
	char priority[3] = {'P', (char)('0' + v->priority), 0};

	json_w_begin(&w, '{');
	json_w_text(&w, "id", id);
	json_w_key(&w, "flagged");
	json_w_bool(&w, v->level >= VERDICT_QUEUE);
	json_w_text(&w, "level", slice_of(levels[v->level]));
	json_w_key(&w, "lanes");
	json_w_begin(&w, '[');
	if (v->lanes & LANE_MODERATION)
		json_w_string(&w, SLICE("moderation"));
	if (v->lanes & LANE_REPONSE)
		json_w_string(&w, SLICE("reponse"));
	json_w_end(&w, ']');
	json_w_key(&w, "priority");
	if (v->priority)
		json_w_string(&w, slice_of(priority));
	else
		json_w_null(&w);
	json_w_key(&w, "score");
	json_w_double(&w, v->score / 100.0);
	if (v->unscored) {
		json_w_text(&w, "unscored", slice_of(unscored[v->unscored]));
	}
	json_w_strings(&w, "categories", v->categories, v->n_categories);
	json_w_strings(&w, "topics", v->topics, v->n_topics);
	if (v->n_shadows)
		json_w_strings(&w, "shadow", v->shadows, v->n_shadows);
	if (v->n_rated)
		json_w_strings(&w, "rated", v->rated, v->n_rated);
	write_matches(&w, v, text);
	json_w_text(&w, "rules", slice_of(bundle));
	json_w_end(&w, '}');
	buf_add_char(out, '\n');
}
