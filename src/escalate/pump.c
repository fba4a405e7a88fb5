/* SPDX-License-Identifier: GPL-3.0-or-later
 * Leasing rows and running a child for each. */
#include "desk.h"
#include "settle.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/child.h>
#include <tocsin/base/clock.h>
#include "cabinet.h"
#include "group.h"
#include "work.h"

#define OUTPUT_MAX 8192u

static void release(struct attempt *a)
{
	arena_release(&a->arena);
	buf_release(&a->output);
	buf_release(&a->wire);
	*a = (struct attempt){.fd = -1};
}

/* The child has closed its output: it has ended, or is about to. */
static void finish(struct attempt *a)
{
	struct escalate *x = a->owner;
	bus_unwatch_fd(x->bus, a->fd);
	bus_timer_cancel(x->bus, a->deadline);
	close_fd(&a->fd);
	kill(a->pid, SIGKILL);
	while (waitpid(a->pid, NULL, 0) < 0 && errno == EINTR)
		;
	a->outcome = job_outcome(buf_slice(&a->output), a->killed, &a->detail);
	a->ended = true;
	bulk_ended(&x->bulk, a->began, clock_monotonic());
	x->look_wanted = true;
}

/* Without a child: there was nothing to send, or it could not be tried, or it is done. */
static void end(struct attempt *a, enum net_outcome outcome, const char *detail)
{
	buf_clear(&a->output);
	buf_add_string(&a->output, detail);
	a->detail = buf_slice(&a->output);
	a->outcome = outcome;
	a->ended = true;
	a->owner->look_wanted = true;
}

int pump_settle(struct escalate *x, struct error *e)
{
	for (size_t i = 0; i < SLOTS; i++) {
		struct attempt *a = &x->attempts[i];
		if (!a->owner || !a->ended)
			continue;
		int r = settle(x, a, e);
		/* a row that store does not know, or cannot read, will not get better */
		if (r < 0 && r != -ENOENT && r != -EBADMSG)
			return r;
		if (r < 0)
			service_log(&x->service, LOG_WARNING_, "résultat de l'envoi %lld : %s",
				(long long)a->parts[0].row.id, e->text);
		release(a);
	}
	return 0;
}

static void on_output(void *user, int fd, short revents)
{
	struct attempt *a = user;
	char part[1024];
	(void)revents;
	ssize_t n = read(fd, part, sizeof(part));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0) {
		if (a->output.n < OUTPUT_MAX)
			buf_add(&a->output, part, (size_t)n);
		return;
	}
	finish(a);
}

static void on_deadline(void *user)
{
	struct attempt *a = user;
	a->killed = true;
	kill(a->pid, SIGKILL); /* its output closes */
}

static struct attempt *free_slot(struct escalate *x)
{
	for (size_t i = 0; i < SLOTS; i++)
		if (!x->attempts[i].owner)
			return &x->attempts[i];
	return NULL;
}

/* Without a server and without a picture: the attempt is over at once. */
static void drop_mail(
	struct escalate *x, struct attempt *a, const struct leased_row *l, const struct message *m)
{
	struct error e = {0};
	enum net_outcome outcome = work_drop(x, l, m, &e);
	end(a, outcome, e.text);
}

/* The job as a file in memory: the child reads it at its own pace, we never wait. */
static int job_file(struct slice work, struct error *e)
{
	_close_ int fd = memfd_create("job", MFD_CLOEXEC);
	if (fd < 0)
		return error_set(e, -errno, "memfd : %s", strerror(errno));
	for (size_t done = 0; done < work.n;) {
		ssize_t n = write(fd, work.p + done, work.n - done);
		if (n < 0 && errno != EINTR)
			return error_set(e, -errno, "memfd : %s", strerror(errno));
		done += n > 0 ? (size_t)n : 0;
	}
	if (lseek(fd, 0, SEEK_SET) < 0)
		return error_set(e, -errno, "memfd : %s", strerror(errno));
	int kept = fd;
	fd = -1;
	return kept;
}

static int spawn(struct escalate *x, struct attempt *a, struct slice work, struct error *e)
{
	int ends[2];
	char *const argv[] = {(char[]){"tocsin-escalate"}, (char[]){"--deliver"}, NULL};
	_close_ int in = job_file(work, e);
	if (in < 0)
		return in;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set(e, -errno, "pipe : %s", strerror(errno));
	_close_ int reader = ends[0];
	_close_ int writer = ends[1];
	const struct child_spec spec = {.path = "/proc/self/exe",
		.argv = argv,
		.in = in,
		.out = writer,
		.err = -1,
		.die_with_parent = true,
		.own_group = true};
	int r = child_spawn(&spec, &a->pid, e);
	if (r < 0)
		return r;
	r = bus_watch_fd(x->bus, reader, POLLIN, on_output, a);
	if (r < 0) {
		kill(a->pid, SIGKILL);
		waitpid(a->pid, NULL, 0);
		return error_set(e, r, "boucle");
	}
	a->deadline = bus_timer(x->bus, JOB_DEADLINE_MS, 0, on_deadline, a);
	a->began = clock_monotonic();
	a->fd = reader;
	reader = -1;
	return 0;
}

/* Takes leased rows into a slot of their own. */
static int keep(struct attempt *a, const struct leased_row *rows, uint32_t n)
{
	struct leased_row *copy;
	arena_init(&a->arena, 256);
	leased_rows_encode(&a->wire, rows, n);
	int r = leased_rows_decode(buf_slice(&a->wire), &a->arena, &copy, &n);
	if (r < 0)
		return r;
	a->parts = arena_zero(&a->arena, n * sizeof(*a->parts));
	a->n_parts = n;
	for (uint32_t i = 0; i < n; i++)
		a->parts[i].row = copy[i];
	return 0;
}

/* Whoever composed it, and for whom: nobody of the cabinet reads what citizens say in an election period. */
static void guard(struct escalate *x, const struct outbox_row *row, struct message *m)
{
	const struct compose_reader to = {row->person, row->target};
	if (!m->bare && cabinet_is_counted(x, &to))
		compose_bare(m, &x->arena);
}

/* What is left to say of each part now, in their order. Returns how many. */
static size_t say_parts(struct escalate *x, struct attempt *a, struct message *ret)
{
	size_t n = 0;
	for (size_t i = 0; i < a->n_parts; i++) {
		struct part *p = &a->parts[i];
		_buf_ struct buf why = {0};
		p->broken = message_decode(p->row.row.payload, &ret[n]) < 0;
		if (p->broken)
			continue;
		if (freshen(x, &p->row, &ret[n], &why)) {
			guard(x, &p->row.row, &ret[n]);
			work_code(x, &p->row, &ret[n], &a->arena);
			n++;
			continue;
		}
		p->needless = true;
		p->why = arena_copy(&a->arena, buf_slice(&why));
	}
	return n;
}

/* The name of what goes together comes from all that was leased, in the order of its making: also of what nobody needs
 * any more, or it would be another one at the next attempt. */
static struct slice key_of(const struct attempt *a, struct arena *arena)
{
	_buf_ struct buf key = {0};
	for (int64_t last = 0;;) {
		const struct leased_row *next = NULL;
		for (size_t i = 0; i < a->n_parts; i++) {
			const struct leased_row *l = &a->parts[i].row;
			if (l->id > last && (!next || l->id < next->id))
				next = l;
		}
		if (!next)
			return arena_copy(arena, buf_slice(&key));
		buf_printf(&key, "%s%.*s", last ? "+" : "", (int)next->row.key.n, next->row.key.p);
		last = next->id;
	}
}

/* One message of those that are left. */
static void join(struct escalate *x, const struct attempt *a, const struct policy_dispatch *d,
	struct message *list, size_t n)
{
	struct grouping g = {.list = list, .n = n, .morning = d->morning};
	g.key = key_of(a, &x->arena);
	if (n == 1) {
		list[0].key = g.key;
		return;
	}
	struct message all;
	int64_t origin;
	g.fallback = settle_is_fallback(a->parts[0].row.row.key, &origin);
	g.limit = policy_limit_of(&x->policy, a->parts[0].row.row.person);
	g.held = d->held;
	g.led = d->led && a->parts[0].row.id == d->rows[0]->id && !a->parts[0].needless &&
		!a->parts[0].broken;
	compose_group(&g, &x->arena, &all);
	list[0] = all;
}

static void hand_over(struct escalate *x, struct attempt *a, struct message *m)
{
	struct leased_row l = a->parts[0].row;
	struct error e;
	for (size_t i = 1; i < a->n_parts; i++)
		l.maybe_sent |= a->parts[i].row.maybe_sent;
	if (slice_is(l.row.channel, "mail") && !x->config->mail.url && !m->curve.n) {
		drop_mail(x, a, &l, m);
		return;
	}
	const char *gone = work_write(x, &l, m, &x->work);
	if (gone)
		end(a, NET_REFUSED, gone);
	else if (spawn(x, a, buf_slice(&x->work), &e) < 0)
		end(a, NET_FAILED, e.text);
}

static void start(
	struct escalate *x, const struct policy_dispatch *d, struct leased_row *rows, uint32_t n)
{
	struct attempt *a = free_slot(x);
	if (!a || !n) /* more were leased than there are slots: a fault of pump() */
		return;
	*a = (struct attempt){.owner = x, .fd = -1, .drill = d->rows[0]->drill};
	if (keep(a, rows, n) < 0) {
		release(a); /* cannot be: it was read a moment ago; the lease brings it back */
		return;
	}
	struct message *list = arena_alloc(&x->arena, n * sizeof(*list));
	size_t left = say_parts(x, a, list);
	a->needless = true;
	for (size_t i = 0; i < a->n_parts; i++)
		a->needless &= a->parts[i].needless;
	if (a->needless) {
		end(a, NET_SENT, "");
		return;
	}
	if (!left) {
		end(a, NET_REFUSED, "message illisible");
		return;
	}
	if (a->n_parts > 1)
		join(x, a, d, list, left);
	hand_over(x, a, &list[0]);
}

static uint32_t under_way(const struct escalate *x, struct slice channel)
{
	uint32_t n = 0;
	for (size_t i = 0; i < SLOTS; i++)
		n += x->attempts[i].owner &&
			slice_equal(x->attempts[i].parts[0].row.row.channel, channel);
	return n;
}

static uint32_t slots_left(const struct escalate *x)
{
	uint32_t n = 0;
	for (size_t i = 0; i < SLOTS; i++)
		n += !x->attempts[i].owner;
	return n;
}

struct choice { /* messages that go in this round */
	const struct policy_dispatch *list[SLOTS];
	size_t n;
	int64_t ids[OUTBOX_TAKE_MAX];
	bool with[OUTBOX_TAKE_MAX];
	uint32_t n_ids;
};

/* A drill never takes the last place: a real alarm that comes meanwhile has one. */
static bool has_room(
	const struct escalate *x, const struct choice *c, const struct policy_dispatch *d)
{
	const struct policy_pending *p = d->rows[0];
	uint32_t most = slice_is(p->channel, "mail") ? MAIL_SLOTS : HOOK_SLOTS;
	uint32_t busy = under_way(x, p->channel), left = slots_left(x) - (uint32_t)c->n;
	const uint32_t wanted = p->drill ? 2 : 1;
	for (size_t i = 0; i < c->n; i++)
		busy += slice_equal(c->list[i]->rows[0]->channel, p->channel);
	return busy + wanted <= most && wanted <= left && c->n_ids + d->n <= OUTBOX_TAKE_MAX;
}

static void choose(const struct escalate *x, struct choice *c, const struct policy_dispatch *d)
{
	const size_t busy = SLOTS - slots_left(x) + c->n;
	if (d->wait != WAIT_NOT || !has_room(x, c, d) ||
		!bulk_allows(&x->bulk, busy, clock_monotonic()))
		return;
	c->list[c->n++] = d;
	for (size_t i = 0; i < d->n; i++) {
		c->with[c->n_ids] = i > 0;
		c->ids[c->n_ids++] = d->rows[i]->id;
	}
}

/* The leased rows of one message, in its order, to the front of rows; returns how many. */
static uint32_t rows_of(const struct policy_dispatch *d, struct leased_row *rows, uint32_t n)
{
	uint32_t found = 0;
	for (size_t i = 0; i < d->n; i++)
		for (uint32_t k = found; k < n; k++)
			if (rows[k].id == d->rows[i]->id) {
				struct leased_row row = rows[k];
				rows[k] = rows[found];
				rows[found++] = row;
				break;
			}
	return found;
}

static int take(struct escalate *x, const struct choice *c, struct error *e)
{
	_cleanup_(arena_release) struct arena arena = {0};
	struct leased_row *rows;
	uint32_t n;
	buf_clear(&x->request);
	const struct take_request q = {c->ids, c->n_ids, LEASE_MS, work_code_ms(x), c->with};
	outbox_take_encode(&x->request, &q);
	int r = ask(x, REQUEST_OUTBOX_TAKE, buf_slice(&x->request), e);
	if (r < 0)
		return r;
	arena_init(&arena, 0);
	if (leased_rows_decode(buf_slice(&x->reply), &arena, &rows, &n) < 0)
		return error_set(e, -EBADMSG, "envois illisibles");
	for (size_t i = 0; i < c->n; i++) {
		uint32_t own = rows_of(c->list[i], rows, n);
		start(x, c->list[i], rows, own);
		rows += own;
		n -= own;
	}
	return 0;
}

int pump(struct escalate *x, struct error *e)
{
	_cleanup_(arena_release) struct arena arena = {0};
	struct policy_dispatch *list;
	struct choice c = {0};
	size_t n;
	if (x->stopping || !x->reader)
		return 0;
	arena_init(&arena, 0);
	int r = desk_decide(x, &arena, &list, &n, e);
	for (size_t i = 0; r == 0 && i < n; i++)
		choose(x, &c, &list[i]);
	return r == 0 && c.n ? take(x, &c, e) : r;
}

bool pump_running(const struct escalate *x)
{
	for (size_t i = 0; i < SLOTS; i++)
		if (x->attempts[i].owner && !x->attempts[i].ended)
			return true;
	return false;
}

void pump_stop(struct escalate *x)
{
	int64_t until = clock_monotonic() + 2 * CLOCK_SECOND;
	struct error e;
	x->stopping = true;
	while (pump_running(x) && clock_monotonic() < until && bus_turn(x->bus, 50) >= 0)
		;
	for (size_t i = 0; i < SLOTS; i++) {
		struct attempt *a = &x->attempts[i];
		ssize_t n;
		if (!a->owner || a->ended)
			continue;
		a->killed = true;
		kill(a->pid, SIGKILL);
		while (buf_reserve(&a->output, 512),
			(n = read(a->fd, a->output.p + a->output.n, 512)) > 0)
			a->output.n += (size_t)n;
		finish(a);
	}
	/* what store does not hear now comes back when its lease runs out */
	if (pump_settle(x, &e) < 0)
		service_log(&x->service, LOG_WARNING_, "derniers résultats : %s", e.text);
	for (size_t i = 0; i < SLOTS; i++)
		if (x->attempts[i].owner)
			release(&x->attempts[i]);
}
