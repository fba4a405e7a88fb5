/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "erasures.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/db/store.h>

#define HEAD "tocsin effacements 1 "
#define LINE_MAX 128u
#define CHECK_HEX (2 * ERASURES_CHECK + 1)

static const char *const kinds[] = {
	[ERASURE_ACCOUNT] = "compte", [ERASURE_COMMENT] = "commentaire", [ERASURE_TEXT] = "texte"};
#define KINDS (sizeof(kinds) / sizeof(*kinds))

char *erasures_path(const char *state_dir)
{
	int n = (int)strlen(state_dir);

	while (n > 1 && state_dir[n - 1] == '/')
		n--;
	return xasprintf("%.*s.effacements/registre", n, state_dir);
}

static void check_of(
	const struct erasures *l, struct slice text, unsigned char ret[static ERASURES_CHECK])
{
	unsigned char digest[16];

	digest_pseudonym(l->key, text, digest);
	memcpy(ret, digest, ERASURES_CHECK);
}

/* --- its lines */

void erasures_at_put(struct buf *out, const struct erasures_at *at)
{
	char hex[CHECK_HEX];

	buf_printf(out, "%" PRId64 " %s", at->n, digest_hex(at->check, ERASURES_CHECK, hex));
}

int erasures_at_read(struct slice s, struct erasures_at *ret)
{
	char text[LINE_MAX], hex[CHECK_HEX];
	struct erasures_at at = {0};
	int end = 0;

	if (s.n >= sizeof(text))
		return -EINVAL;
	memcpy(text, s.p, s.n);
	text[s.n] = 0;
	if (sscanf(text, "%19" SCNd64 " %16[0-9a-f]%n", &at.n, hex, &end) != 2 ||
		(size_t)end != s.n || at.n < 0 ||
		digest_unhex(slice_of(hex), at.check, ERASURES_CHECK) < 0)
		return -EINVAL;
	*ret = at;
	return 0;
}

static void put_head(const struct erasures *l, const struct erasures_at *base, struct buf *out)
{
	unsigned char key[ERASURES_CHECK];
	char hex[CHECK_HEX];

	check_of(l, SLICE(HEAD), key);
	buf_printf(out, HEAD "%s ", digest_hex(key, ERASURES_CHECK, hex));
	erasures_at_put(out, base);
	buf_add_char(out, '\n');
}

/* Appended, with its end; the check is set. */
static void put_line(const struct erasures *l, struct erasure *k, struct buf *out)
{
	const size_t begin = out->n;
	char whom[33], check[CHECK_HEX];

	buf_printf(out, "%" PRId64 " %" PRId64 " %s %s", k->line.n, k->at, kinds[k->kind],
		digest_hex(k->whom, 16, whom));
	check_of(l, (struct slice){out->p + begin, out->n - begin}, k->line.check);
	buf_printf(out, " %s\n", digest_hex(k->line.check, ERASURES_CHECK, check));
}

/* line: without its end. What is read must be what would be written. */
static bool read_line(const struct erasures *l, struct slice line, struct erasure *ret)
{
	char text[LINE_MAX], kind[16], whom[33];
	_buf_ struct buf again = {0};
	struct erasure k = {0};

	if (line.n >= sizeof(text))
		return false;
	memcpy(text, line.p, line.n);
	text[line.n] = 0;
	if (sscanf(text, "%19" SCNd64 " %19" SCNd64 " %15s %32s", &k.line.n, &k.at, kind, whom) !=
			4 ||
		digest_unhex(slice_of(whom), k.whom, 16) < 0)
		return false;
	while (k.kind < KINDS && strcmp(kinds[k.kind], kind) != 0)
		k.kind++;
	if (k.kind == KINDS)
		return false;
	put_line(l, &k, &again);
	if (!slice_equal((struct slice){again.p, again.n - 1}, line))
		return false;
	*ret = k;
	return true;
}

/* --- reading it */

static void damage(struct erasures *l)
{
	if (!l->damaged)
		l->sound = l->last.n;
	l->damaged = true;
}

static void take(struct erasures *l, const struct erasure *k)
{
	if (k->line.n <= l->last.n)
		return; /* two files put together: it is there already */
	if (k->line.n > l->last.n + 1)
		damage(l);
	l->list = xgrow(l->list, l->n, &l->cap, sizeof(*l->list));
	l->list[l->n++] = *k;
	l->last = k->line;
	if (k->kind != ERASURE_ACCOUNT)
		map_at(l->gone, (struct slice){(const char *)k->whom, sizeof(k->whom)}, NULL);
}

/* False: no such file, or of another key. */
static bool read_head(struct erasures *l, struct slice line)
{
	_buf_ struct buf head = {0};
	struct erasures_at base;
	const size_t keyed = strlen(HEAD) + CHECK_HEX;

	if (line.n <= keyed ||
		erasures_at_read((struct slice){line.p + keyed, line.n - keyed}, &base) < 0)
		return false;
	put_head(l, &base, &head);
	if (!slice_equal((struct slice){head.p, head.n - 1}, line))
		return false;
	l->base = l->last = base;
	return true;
}

static void read_one(struct erasures *l, struct slice line)
{
	struct erasure k;
	char text[LINE_MAX];
	int64_t at;

	if (read_line(l, line, &k)) {
		take(l, &k);
		return;
	}
	memcpy(text, line.p, line.n < sizeof(text) ? line.n : 0);
	text[line.n < sizeof(text) ? line.n : 0] = 0;
	if (sscanf(text, "copie %19" SCNd64, &at) == 1) {
		l->copied = l->last.n;
		l->copied_at = at;
	} else
		damage(l);
}

/* The bytes that are whole lines: what follows was being written when the machine went down. 0: it is not ours. */
static size_t read_all(struct erasures *l, struct slice text)
{
	size_t done = 0;

	while (done < text.n) {
		const char *end = memchr(text.p + done, '\n', text.n - done);
		const struct slice line = {
			text.p + done, end ? (size_t)(end - text.p) - done : text.n - done};

		if (!end)
			break;
		if (!done && !read_head(l, line))
			return 0;
		if (done)
			read_one(l, line);
		done += line.n + 1;
	}
	if (done && done < text.n)
		damage(l);
	return done;
}

static int begin_anew(struct erasures *l, const struct erasures_at *known, struct error *e)
{
	_buf_ struct buf head = {0};
	_free_ char *aside = xasprintf("%s.1", l->path);

	if (rename(l->path, aside) < 0 && errno != ENOENT)
		return error_set(e, -errno, "%s : %s", l->path, strerror(errno));
	l->lost = true;
	l->base = l->last = *known;
	put_head(l, known, &head);
	l->size = (off_t)head.n;
	return file_write_atomic(l->path, buf_slice(&head), 0600, e);
}

/* What a backup had of it lies in the folder that took the state's place. */
static int adopt(const struct erasures *l, const char *state_dir, struct error *e)
{
	_free_ char *from = xasprintf("%s/" ERASURES_COPY, state_dir);
	_buf_ struct buf text = {0};
	int r;

	if (access(l->path, F_OK) == 0 || access(from, F_OK) < 0)
		return 0;
	r = file_read(from, ERASURES_MAX, &text, e);
	if (r == 0)
		r = file_write_atomic(l->path, buf_slice(&text), 0600, e);
	if (r == 0)
		unlink(from);
	return r;
}

static int open_file(
	struct erasures *l, const char *state_dir, const struct erasures_at *known, struct error *e)
{
	_free_ char *folder = xstrndup(l->path, (size_t)(strrchr(l->path, '/') - l->path));
	_buf_ struct buf text = {0};
	int r = file_make_folder(folder, 0700, e);

	if (r == 0)
		r = adopt(l, state_dir, e);
	if (r == 0 && access(l->path, F_OK) == 0)
		r = file_read(l->path, ERASURES_MAX, &text, e);
	if (r < 0)
		return r;
	l->size = (off_t)read_all(l, buf_slice(&text));
	if (!l->size)
		r = begin_anew(l, known, e);
	if (r < 0)
		return r;
	l->fd = open(l->path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (l->fd < 0 || ((size_t)l->size < text.n && ftruncate(l->fd, l->size) < 0))
		return error_set(e, -errno, "%s : %s", l->path, strerror(errno));
	return 0;
}

void erasures_open(struct erasures *l, const char *path, const char *state_dir,
	const unsigned char *key, const struct erasures_at *known)
{
	*l = (struct erasures){.fd = -1, .key = key, .gone = map_new()};
	if (!path)
		return;
	l->path = xstrdup(path);
	if (open_file(l, state_dir, known, &l->why) < 0)
		close_fd(&l->fd);
}

void erasures_release(struct erasures *l)
{
	close_fd(&l->fd);
	free(l->path);
	free(l->list);
	map_free(l->gone);
	buf_release(&l->pending);
	*l = (struct erasures){.fd = -1};
}

bool erasures_has(const struct erasures *l, const struct erasures_at *known)
{
	if (known->n == l->base.n)
		return !memcmp(known->check, l->base.check, ERASURES_CHECK);
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].line.n == known->n)
			return !memcmp(known->check, l->list[i].line.check, ERASURES_CHECK);
	return false;
}

bool erasures_whole(const struct erasures *l, const struct erasures_at *known)
{
	return l->fd >= 0 && !l->lost && erasures_has(l, known) &&
		(!l->damaged || l->sound < known->n) && (!l->copied_at || l->copied < known->n);
}

/* --- writing it */

void erasures_add(
	struct erasures *l, int64_t at, enum erasure_kind kind, const unsigned char whom[static 16])
{
	struct erasure k = {.at = at, .kind = kind};

	memcpy(k.whom, whom, sizeof(k.whom));
	if (kind != ERASURE_ACCOUNT)
		map_at(l->gone, (struct slice){(const char *)k.whom, sizeof(k.whom)}, NULL);
	if (!l->path)
		return;
	k.line.n = (l->pending.n ? l->pending_last.n : l->last.n) + 1;
	put_line(l, &k, &l->pending);
	l->pending_last = k.line;
}

void erasures_drop(struct erasures *l)
{
	buf_clear(&l->pending);
}

int erasures_write(struct erasures *l, struct error *e)
{
	struct slice left = buf_slice(&l->pending);
	int fault = l->fd < 0 ? EBADF : 0;

	if (!left.n)
		return 0;
	while (left.n && !fault) {
		const ssize_t n = write(l->fd, left.p, left.n);

		if (n > 0) {
			left.p += n;
			left.n -= (size_t)n;
		} else if (n == 0 || errno != EINTR)
			fault = n ? errno : EIO;
	}
	if (!fault && fdatasync(l->fd) < 0)
		fault = errno;
	if (fault) {
		if (l->fd >= 0)
			(void)!ftruncate(l->fd, l->size);
		erasures_drop(l);
		return error_set(e, -fault,
			"le registre des effacements ne s'écrit pas (%s) : rien n'est effacé, car une sauvegarde restaurée ramènerait ce qu'il ne dit pas ; rendez ce dossier accessible en écriture à tocsin",
			l->fd < 0 ? l->why.text : l->path);
	}
	l->size += (off_t)l->pending.n;
	l->last = l->pending_last;
	erasures_drop(l);
	return 0;
}

static void put_copied(const struct erasures *l, int64_t after, struct buf *out)
{
	if (l->copied_at && l->copied == after)
		buf_printf(out, "copie %" PRId64 "\n", l->copied_at);
}

/* Anew without the lines before that one. */
static int write_since(struct erasures *l, const char *path, size_t first, struct error *e)
{
	const struct erasures_at base = l->list[first - 1].line;
	_buf_ struct buf text = {0};

	put_head(l, &base, &text);
	put_copied(l, base.n, &text);
	for (size_t i = first; i < l->n; i++) {
		put_line(l, &l->list[i], &text);
		put_copied(l, l->list[i].line.n, &text);
	}
	return file_write_atomic(path, buf_slice(&text), 0600, e);
}

int erasures_expire(struct erasures *l, int64_t before, struct error *e)
{
	const struct erasures_at last = l->last;
	struct erasures old = {.fd = -1, .key = l->key, .gone = map_new()};
	_buf_ struct buf text = {0};
	_free_ char *path = l->fd < 0 ? NULL : xstrdup(l->path);
	size_t first = 0;
	int r = path ? file_read(path, ERASURES_MAX, &text, e) : 0;

	if (r == 0 && path && read_all(&old, buf_slice(&text)) == text.n && !old.damaged)
		while (first < old.n && old.list[first].at < before)
			first++;
	if (r == 0 && first)
		r = write_since(&old, path, first, e);
	if (r == 0 && first) {
		erasures_release(l);
		erasures_open(l, path, "", old.key, &last);
	}
	erasures_release(&old);
	return r;
}
