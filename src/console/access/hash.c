/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two rings of jobs under one lock: what waits, and what is done. */
#include "hash.h"
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <tocsin/base/alloc.h>

struct ring {
	struct hash_job jobs[HASH_WAITING + 1];
	size_t n;
};
struct hasher {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	int fd;
	bool running, stop;
	size_t under_way; /* asked and not yet handed back */
	struct ring waits, done;
};

static void push(struct ring *r, const struct hash_job *job)
{
	r->jobs[r->n++] = *job;
}

static struct hash_job pop(struct ring *r)
{
	struct hash_job job = r->jobs[0];
	r->n--;
	memmove(r->jobs, r->jobs + 1, r->n * sizeof(*r->jobs));
	digest_wipe(&r->jobs[r->n], sizeof(*r->jobs));
	return job;
}

static void work(struct hash_job *job)
{
	struct slice password = {job->password, job->n};
	if (job->secret[0])
		job->outcome = digest_password_is(slice_of(job->secret), password) ? 0 : -EACCES;
	else
		job->outcome = digest_password(password, job->secret);
	digest_wipe(job->password, sizeof(job->password));
}

static void *run(void *user)
{
	struct hasher *h = user;
	const uint64_t one = 1;
	pthread_mutex_lock(&h->lock);
	while (!h->stop) {
		if (!h->waits.n) {
			pthread_cond_wait(&h->more, &h->lock);
			continue;
		}
		struct hash_job job = pop(&h->waits);
		pthread_mutex_unlock(&h->lock);
		work(&job);
		pthread_mutex_lock(&h->lock);
		push(&h->done, &job);
		digest_wipe(&job, sizeof(job));
		(void)!write(h->fd, &one, sizeof(one));
	}
	pthread_mutex_unlock(&h->lock);
	return NULL;
}

int hash_open(struct hasher **ret, struct error *e)
{
	struct hasher *h = xcalloc(1, sizeof(*h));
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->more, NULL);
	h->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int r = h->fd < 0 ? errno : pthread_create(&h->thread, NULL, run, h);
	h->running = r == 0;
	if (r) {
		hash_close(h);
		return error_set(e, -r, "%s", strerror(r));
	}
	*ret = h;
	return 0;
}

struct hasher *hash_close(struct hasher *h)
{
	if (!h)
		return NULL;
	pthread_mutex_lock(&h->lock);
	h->stop = true;
	pthread_cond_signal(&h->more);
	pthread_mutex_unlock(&h->lock);
	if (h->running)
		pthread_join(h->thread, NULL);
	pthread_cond_destroy(&h->more);
	pthread_mutex_destroy(&h->lock);
	close_fd(&h->fd);
	digest_wipe(h, sizeof(*h));
	free(h);
	return NULL;
}

int hash_fd(const struct hasher *h)
{
	return h->fd;
}

void hash_turn(struct hasher *h)
{
	uint64_t count;
	(void)!read(h->fd, &count, sizeof(count));
	for (;;) {
		pthread_mutex_lock(&h->lock);
		bool any = h->done.n > 0;
		struct hash_job job = {0};
		if (any) {
			job = pop(&h->done);
			h->under_way--;
		}
		pthread_mutex_unlock(&h->lock);
		if (!any)
			return;
		job.done(job.user, &job);
	}
}

bool hash_ask(struct hasher *h, const struct hash_job *job)
{
	pthread_mutex_lock(&h->lock);
	bool room = h->under_way < HASH_WAITING;
	if (room) {
		push(&h->waits, job);
		h->under_way++;
		pthread_cond_signal(&h->more);
	}
	pthread_mutex_unlock(&h->lock);
	return room;
}
