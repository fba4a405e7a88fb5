/* SPDX-License-Identifier: GPL-3.0-or-later
 * Receiver by receiver: the rows that may wait are held against what he has had lately. */
#include <tocsin/policy/dispatch.h>

#include <stdlib.h>

enum manner { MANNER_ORDINARY, MANNER_URGENT, MANNER_ALONE };
struct row {
	const struct policy_pending *p;
	struct policy_notice n; /* chain and step of its key */
	enum manner manner;
	bool taken;
	bool late; /* a summary of what is past */
	bool fallback; /* tells of a message that was not delivered */
	bool kept; /* quiet hours kept it back, up to its time */
	size_t n_along; /* of an urgent one: what goes along */
	const struct row **along;
};
struct work {
	const struct policy *policy;
	const struct policy_desk *desk;
	struct arena *arena;
	struct row *rows;
	struct policy_dispatch *list;
	size_t n;
	size_t n_again; /* of them, the first ones: what may have arrived */
};

int policy_weight(enum policy_chain chain)
{
	switch (chain) {
	case CHAIN_GRIS: return 1;
	case CHAIN_JAUNE: return 2;
	case CHAIN_ORANGE: return 3;
	case CHAIN_ROUGE: return 4;
	case CHAIN_P1: return 5;
	case CHAINS:
	default: return 0;
	}
}

struct policy_limit policy_limit_of(const struct policy *policy, struct slice person)
{
	const struct policy_person *who = policy_person(policy, person);
	return who ? who->limit : (struct policy_limit){0};
}

static bool of_a_step(struct slice key, bool drill, struct policy_notice *ret)
{
	return !drill && !slice_ends(key, POLICY_KEY_LATE) && policy_key_read(key, ret);
}

bool policy_sent_of(struct slice key, bool drill, struct policy_sent *ret)
{
	struct policy_notice n;
	if (!of_a_step(key, drill, &n))
		return false;
	ret->chain = n.chain;
	ret->step = n.step;
	return true;
}

static bool kept_until(const struct policy *policy, enum policy_chain chain, int64_t due)
{
	return policy_quiet_at(policy, chain, due - 1) && !policy_quiet_at(policy, chain, due);
}

static struct row row_of(const struct policy *policy, const struct policy_pending *p)
{
	struct row r = {.p = p, .manner = MANNER_ALONE};
	r.late = !p->drill && slice_ends(p->key, POLICY_KEY_LATE);
	r.fallback = !p->drill && !p->urgent && slice_begins(p->key, POLICY_KEY_FALLBACK);
	if (!of_a_step(p->key, p->drill, &r.n))
		return r;
	r.kept = kept_until(policy, r.n.chain, p->due_at);
	r.manner = policy_weight(r.n.chain) >= policy_weight(CHAIN_ROUGE) ? MANNER_URGENT
									  : MANNER_ORDINARY;
	return r;
}

static bool same_receiver(const struct policy_pending *a, const struct policy_pending *b)
{
	return slice_equal(a->person, b->person) && slice_equal(a->channel, b->channel) &&
		slice_equal(a->target, b->target);
}

static bool sent_to(const struct policy_sent *s, const struct policy_pending *p)
{
	return slice_equal(s->person, p->person) && slice_equal(s->channel, p->channel) &&
		slice_equal(s->target, p->target);
}

static int heaviest(const struct row *const *rows, size_t n)
{
	int weight = 0;
	for (size_t i = 0; i < n; i++)
		if (policy_weight(rows[i]->n.chain) > weight)
			weight = policy_weight(rows[i]->n.chain);
	return weight;
}

/* Whether a message of this round counts as one of at least this weight. */
static bool weighs(const struct policy_dispatch *d, int weight)
{
	struct policy_sent s;
	for (size_t i = 0; i < d->n; i++)
		if (policy_sent_of(d->rows[i]->key, d->rows[i]->drill, &s) &&
			policy_weight(s.chain) >= weight)
			return true;
	return false;
}

/* How many messages of at least this weight the receiver has had within his limit's time, with those that go again now;
 * *ret_until: when there is room again. */
static uint32_t had(const struct work *w, const struct policy_pending *p,
	const struct policy_limit *limit, int weight, int64_t *ret_until)
{
	uint32_t n = 0;
	int64_t last = 0;
	*ret_until = w->desk->now;
	for (size_t i = 0; i < w->n_again; i++)
		if (same_receiver(w->list[i].rows[0], p) && weighs(&w->list[i], weight) &&
			++n == limit->n)
			*ret_until = w->desk->now + limit->ms;
	const uint32_t now = n;
	for (size_t i = w->desk->n_sent; i > 0; i--) {
		const struct policy_sent *s = &w->desk->sent[i - 1];
		if (s->at > w->desk->now - limit->ms && (n == now || s->message != last) &&
			policy_weight(s->chain) >= weight && sent_to(s, p)) {
			last = s->message;
			if (++n == limit->n)
				*ret_until = s->at + limit->ms;
		}
	}
	return n;
}

/* Whether the receiver's limit is what this one has waited for: it was reached, and left no room before the time for company
 * was over. It is reached from a message on until the oldest of the `limit.n` up to it is so old. */
static bool was_held(const struct work *w, const struct row *r, const struct policy_limit *limit)
{
	int64_t *at = arena_alloc(w->arena, (w->desk->n_sent + 1) * sizeof(*at));
	const int64_t alone = r->p->due_at + w->policy->group_ms;
	int64_t last = 0;
	size_t n = 0;
	for (size_t i = 0; !r->p->tried && w->desk->now > alone && i < w->desk->n_sent; i++) {
		const struct policy_sent *s = &w->desk->sent[i];
		if (policy_weight(s->chain) < policy_weight(r->n.chain) || !sent_to(s, r->p) ||
			(n && s->message == last))
			continue;
		last = s->message;
		at[n++] = s->at;
		if (n < limit->n)
			continue;
		const int64_t room = at[n - limit->n] + limit->ms;
		if (s->at < room && room > alone)
			return true;
	}
	return false;
}

/* … any of these, which are messages from `from` on. */
static void mark_held(struct work *w, size_t from, const struct row *const *rows, size_t n,
	const struct policy_limit *limit)
{
	bool held = false;
	for (size_t i = 0; limit->n && !held && i < n; i++)
		held = was_held(w, rows[i], limit);
	for (size_t i = from; i < w->n; i++)
		w->list[i].held = held;
}

/* Until when the rows of one step wait for company; now: they do not. */
static int64_t company(const struct work *w, const struct row *const *rows, size_t n)
{
	int64_t until = w->desk->now, due = INT64_MAX;
	const int weight = heaviest(rows, n);
	for (size_t i = 0; i < n; i++) {
		if (rows[i]->p->tried)
			return w->desk->now;
		due = rows[i]->p->due_at < due ? rows[i]->p->due_at : due;
	}
	for (size_t i = 0; i < w->desk->n_sent; i++) {
		const struct policy_sent *s = &w->desk->sent[i];
		int told = policy_weight(s->chain);
		if (s->step == rows[0]->n.step && told >= weight &&
			told < policy_weight(CHAIN_ROUGE) && sent_to(s, rows[0]->p))
			until = s->at + w->policy->group_ms;
	}
	return until < due + w->policy->group_ms ? until : due + w->policy->group_ms;
}

static void add(struct work *w, const struct policy_dispatch *d)
{
	w->list[w->n++] = *d;
}

/* One message of these, or as many as hold them; at: now, or when. */
static void send(
	struct work *w, const struct row *const *rows, size_t n, enum policy_wait wait, int64_t at)
{
	for (size_t from = 0; from < n; from += POLICY_TOGETHER_MAX) {
		const size_t left = n - from;
		struct policy_dispatch d = {.wait = wait, .at = at};
		d.n = left < POLICY_TOGETHER_MAX ? left : POLICY_TOGETHER_MAX;
		d.rows = arena_alloc(w->arena, d.n * sizeof(*d.rows));
		for (size_t i = 0; i < d.n; i++)
			d.rows[i] = rows[from + i]->p;
		add(w, &d);
	}
}

/* These wait, or go along with an urgent one. */
static void hold(struct work *w, struct row *urgent, const struct row *const *rows, size_t n,
	enum policy_wait wait, int64_t at)
{
	if (!urgent) {
		send(w, rows, n, wait, at);
		return;
	}
	const struct row **along = arena_alloc(w->arena, (urgent->n_along + n) * sizeof(*along));
	if (urgent->n_along)
		memcpy(along, urgent->along, urgent->n_along * sizeof(*along));
	memcpy(along + urgent->n_along, rows, n * sizeof(*along));
	urgent->n_along += n;
	urgent->along = along;
}

/* Sorted by step: how many from the first on go together, being of its step. */
static size_t run_of(const struct work *w, const struct row *const *rows, size_t n)
{
	size_t k = 1;
	while (w->policy->group_ms && k < n && rows[k]->n.step == rows[0]->n.step)
		k++;
	return k;
}

struct receiver { /* what goes to him at once */
	struct row *urgent; /* the first */
	size_t n_urgent;
	struct row **late;
	size_t n_late;
};

/* The ordinary rows of one receiver, sorted by step. */
static void serve(struct work *w, const struct receiver *to, const struct row **rows, size_t n)
{
	const struct policy_limit limit = policy_limit_of(w->policy, rows[0]->p->person);
	int64_t until = w->desk->now, any;
	uint32_t sent = limit.n ? had(w, rows[0]->p, &limit, 0, &any) : 0;
	size_t ready = 0, messages = 0;
	if (limit.n) /* what is lighter holds up nothing heavier, and goes along */
		(void)had(w, rows[0]->p, &limit, heaviest(rows, n), &until);
	if (until > w->desk->now) {
		hold(w, to->urgent, rows, n, WAIT_LIMIT, until);
		return;
	}
	for (size_t i = 0, k; i < n; i += k) {
		k = run_of(w, rows + i, n - i);
		int64_t wait = company(w, rows + i, k);
		if (wait > w->desk->now) {
			hold(w, to->urgent, rows + i, k, WAIT_COMPANY, wait);
			continue;
		}
		memmove(rows + ready, rows + i,
			k * sizeof(*rows)); /* what goes now, to the front */
		ready += k;
		messages++;
	}
	if (ready && limit.n) /* … but only when it goes itself */
		(void)had(w, rows[0]->p, &limit, heaviest(rows, ready), &until);
	if (ready && until > w->desk->now) {
		hold(w, to->urgent, rows, ready, WAIT_LIMIT, until);
		return;
	}
	if (ready && limit.n && sent + messages + to->n_urgent > limit.n) {
		const size_t from = w->n;
		hold(w, to->urgent, rows, ready, WAIT_NOT, w->desk->now);
		mark_held(w, from, rows, ready, &limit);
		return;
	}
	for (size_t i = 0, k; i < ready; i += k) {
		const size_t from = w->n;
		k = run_of(w, rows + i, ready - i);
		send(w, rows + i, k, WAIT_NOT, w->desk->now);
		mark_held(w, from, rows + i, k, &limit);
	}
}

/* Until when what quiet hours kept back waits for its summary; 0: nothing was kept back. */
static int64_t morning(const struct row *const *rows, size_t n)
{
	int64_t until = 0;
	for (size_t i = 0; i < n; i++)
		if (rows[i]->kept && !rows[i]->p->tried &&
			rows[i]->p->due_at + POLICY_MORNING_MS > until)
			until = rows[i]->p->due_at + POLICY_MORNING_MS;
	return until;
}

/* Everything for a receiver when his quiet hours have ended, in one message with what is past. */
static void serve_morning(
	struct work *w, const struct receiver *to, const struct row **rows, size_t n, int64_t until)
{
	const struct policy_limit limit = policy_limit_of(w->policy, rows[0]->p->person);
	const struct row **all = arena_alloc(w->arena, (n + to->n_late) * sizeof(*all));
	int64_t room = w->desk->now;
	uint32_t sent = limit.n ? had(w, rows[0]->p, &limit, heaviest(rows, n), &room) : 0;
	if (room > w->desk->now) {
		hold(w, to->urgent, rows, n, WAIT_LIMIT, room);
		return;
	}
	const size_t n_kept = n;
	memcpy(all, rows, n * sizeof(*all));
	for (size_t i = 0; i < to->n_late; i++) {
		to->late[i]->taken = true;
		all[n++] = to->late[i];
	}
	if (until > w->desk->now) {
		hold(w, to->urgent, all, n, WAIT_COMPANY, until);
	} else if (limit.n && sent + 1 + to->n_urgent > limit.n) {
		const size_t from = w->n;
		hold(w, to->urgent, all, n, WAIT_NOT, w->desk->now);
		mark_held(w, from, rows, n_kept, &limit);
	} else {
		const size_t from = w->n;
		send(w, all, n, WAIT_NOT, w->desk->now);
		mark_held(w, from, rows, n_kept, &limit);
		for (size_t i = from; i < w->n; i++)
			w->list[i].morning = true;
	}
}

static int by_step(const void *a, const void *b)
{
	const struct row *const *x = a, *const *y = b;
	if ((*x)->n.step != (*y)->n.step)
		return (*x)->n.step < (*y)->n.step ? -1 : 1;
	if ((*x)->p->due_at != (*y)->p->due_at)
		return (*x)->p->due_at < (*y)->p->due_at ? -1 : 1;
	return ((*x)->p->id > (*y)->p->id) - ((*x)->p->id < (*y)->p->id);
}

/* Everything ordinary for the receiver of the row at `first`. */
static void gather(struct work *w, size_t first)
{
	const struct row **rows = arena_alloc(w->arena, (w->desk->n - first) * sizeof(*rows));
	struct receiver to = {.late = arena_alloc(w->arena, w->desk->n * sizeof(*to.late))};
	size_t n = 0;
	for (size_t i = 0; i < w->desk->n; i++) {
		struct row *r = &w->rows[i];
		if (r->taken || !same_receiver(r->p, w->rows[first].p))
			continue;
		if (r->manner == MANNER_ALONE) {
			if (r->late)
				to.late[to.n_late++] = r;
			continue;
		}
		if (r->manner == MANNER_URGENT) {
			to.urgent = !to.urgent || r->p->id < to.urgent->p->id ? r : to.urgent;
			to.n_urgent++;
			continue;
		}
		r->taken = true;
		rows[n++] = r;
	}
	qsort(rows, n, sizeof(*rows), by_step);
	int64_t until = morning(rows, n);
	if (until)
		serve_morning(w, &to, rows, n, until);
	else
		serve(w, &to, rows, n);
}

/* As it went before: what it was led by, then what rang, then what was past. */
static int by_manner(const void *a, const void *b)
{
	const struct row *const *x = a, *const *y = b;
	const int mx = ((*x)->manner != MANNER_URGENT) + (*x)->late;
	const int my = ((*y)->manner != MANNER_URGENT) + (*y)->late;
	return mx != my ? mx - my : by_step(a, b);
}

/* What may have arrived with the row at `first`. */
static void gather_again(struct work *w, size_t first)
{
	const struct policy_pending *p = w->rows[first].p;
	const struct row **rows = NULL;
	bool kept = false;
	size_t n = 0, cap = 0;
	for (size_t i = first; i < w->desk->n; i++) {
		struct row *r = &w->rows[i];
		if (!r->p->maybe || r->p->attempt_at != p->attempt_at || !same_receiver(r->p, p))
			continue;
		r->taken = true;
		kept |= r->kept;
		rows = arena_grow(w->arena, rows, n, &cap, sizeof(*rows));
		rows[n++] = r;
	}
	qsort(rows, n, sizeof(*rows), by_manner);
	const size_t from = w->n;
	send(w, rows, n, WAIT_NOT, w->desk->now);
	w->list[from].led = n > 1 && rows[0]->manner == MANNER_URGENT;
	w->list[from].morning = kept && !w->list[from].led;
}

static void send_urgent(struct work *w, const struct row *r)
{
	const size_t most = POLICY_TOGETHER_MAX - 1;
	const size_t n = r->n_along < most ? r->n_along : most;
	struct policy_dispatch d = {.n = n + 1, .at = w->desk->now, .led = n > 0};
	d.rows = arena_alloc(w->arena, d.n * sizeof(*d.rows));
	d.rows[0] = r->p;
	for (size_t i = 0; i < n; i++)
		d.rows[i + 1] = r->along[i]->p;
	add(w, &d);
	if (r->n_along > most) /* right behind it */
		send(w, r->along + most, r->n_along - most, WAIT_NOT, w->desk->now);
}

static int in_turn(const void *a, const void *b)
{
	const struct policy_dispatch *x = a, *y = b;
	const int dx = (x->wait != WAIT_NOT) * 4 + x->rows[0]->drill * 2 + !x->rows[0]->urgent;
	const int dy = (y->wait != WAIT_NOT) * 4 + y->rows[0]->drill * 2 + !y->rows[0]->urgent;
	if (dx != dy)
		return dx - dy;
	if (x->rows[0]->due_at != y->rows[0]->due_at)
		return x->rows[0]->due_at < y->rows[0]->due_at ? -1 : 1;
	return (x->rows[0]->id > y->rows[0]->id) - (x->rows[0]->id < y->rows[0]->id);
}

/* The fallback's rows for the receiver of the row at `first`: one message that failed leaves one for each of its alarms. */
static void gather_fallback(struct work *w, size_t first)
{
	const struct row **rows = arena_alloc(w->arena, (w->desk->n - first) * sizeof(*rows));
	size_t n = 0;
	for (size_t i = first; i < w->desk->n; i++)
		if (w->rows[i].fallback && !w->rows[i].taken &&
			same_receiver(w->rows[i].p, w->rows[first].p)) {
			w->rows[i].taken = true;
			rows[n++] = &w->rows[i];
		}
	qsort(rows, n, sizeof(*rows), by_step);
	send(w, rows, n, WAIT_NOT, w->desk->now);
}

size_t policy_dispatch(const struct policy *policy, const struct policy_desk *desk,
	struct arena *arena, struct policy_dispatch **ret)
{
	struct work w = {.policy = policy, .desk = desk, .arena = arena};
	w.rows = arena_alloc(arena, (desk->n + 1) * sizeof(*w.rows));
	w.list = arena_alloc(arena, (desk->n + 1) * sizeof(*w.list));
	for (size_t i = 0; i < desk->n; i++)
		w.rows[i] = row_of(policy, &desk->rows[i]);
	for (size_t i = 0; i < desk->n; i++)
		if (w.rows[i].p->maybe && !w.rows[i].taken)
			gather_again(&w, i);
	w.n_again = w.n;
	for (size_t i = 0; i < desk->n; i++)
		if (w.rows[i].manner == MANNER_ORDINARY && !w.rows[i].taken)
			gather(&w, i);
	for (size_t i = 0; i < desk->n; i++)
		if (w.rows[i].fallback && !w.rows[i].taken)
			gather_fallback(&w, i);
	for (size_t i = 0; i < desk->n; i++)
		if (w.rows[i].manner != MANNER_ORDINARY && !w.rows[i].taken)
			send_urgent(&w, &w.rows[i]);
	if (w.n)
		qsort(w.list, w.n, sizeof(*w.list), in_turn);
	*ret = w.list;
	return w.n;
}
