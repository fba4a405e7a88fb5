/* SPDX-License-Identifier: GPL-3.0-or-later
 * The event loop, its folder, its locks. */
#include "place.h"

#include <errno.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include <tocsin/base/alloc.h>
#include <tocsin/bus/news.h>
#include <tocsin/bus/put.h>

struct seen {
	struct place *place;
	int once, often, third, fd;
	int often_id, third_id;
};

static void on_once(void *user)
{
	((struct seen *)user)->once++;
}

static void on_third(void *user)
{
	((struct seen *)user)->third++;
}

static void on_often(void *user)
{
	struct seen *s = user;

	if (++s->often == 3) {
		bus_timer_cancel(s->place->bus, s->third_id); /* another one, from a callback */
		bus_timer_cancel(s->place->bus, s->often_id);
		bus_stop(s->place->bus);
	}
}

static void timers(void **state)
{
	struct place *p = place_new();
	struct seen s = {.place = p};
	int64_t start = clock_monotonic();

	(void)state;
	bus_timer(p->bus, 5, 0, on_once, &s);
	s.often_id = bus_timer(p->bus, 20, 20, on_often, &s);
	s.third_id = bus_timer(p->bus, 100, 1, on_third, &s);
	assert_int_equal(bus_run(p->bus), 0);
	assert_int_equal(s.once, 1);
	assert_int_equal(s.often, 3);
	assert_true(clock_monotonic() - start >= 60);
	turn_for(p, 80);
	assert_int_equal(s.once, 1);
	assert_int_equal(s.often, 3);
	assert_int_equal(s.third, 0);
	place_free(p);
}

static void on_fd(void *user, int fd, short revents)
{
	struct seen *s = user;
	char c;

	assert_true(revents & POLLIN);
	assert_int_equal(read(fd, &c, 1), 1);
	if (++s->fd == 2)
		bus_unwatch_fd(s->place->bus, fd);
}

static void descriptors(void **state)
{
	struct place *p = place_new();
	struct seen s = {.place = p};
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(bus_watch_fd(p->bus, fds[0], POLLIN, on_fd, &s), 0);
	assert_int_equal(bus_watch_fd(p->bus, -1, POLLIN, on_fd, &s), -EINVAL);
	assert_int_equal(write(fds[1], "abc", 3), 3);
	turn_until(p, s.fd == 2);
	turn_for(p, 30);
	assert_int_equal(s.fd, 2);
	place_free(p);
	close(fds[0]);
	close(fds[1]);
}

static void folder_is_private(void **state)
{
	struct place *p = place_new();
	_free_ char *folder = xasprintf("%s/bus", p->dir);
	struct bus *again;
	struct stat st;

	(void)state;
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(chmod(folder, 0755), 0);
	assert_int_equal(bus_new(p->dir, &again, &p->e), 0);
	bus_free(again);
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	place_free(p);
}

static void second_binder_is_refused(void **state)
{
	struct place *p = place_new();
	struct news_writer *one, *two = NULL;

	(void)state;
	assert_int_equal(news_bind(p->bus, &one, &p->e), 0);
	assert_int_equal(news_bind(p->bus, &two, &p->e), -EWOULDBLOCK);
	assert_non_null(strstr(p->e.text, "news"));
	one = news_unbind(one);
	assert_int_equal(news_bind(p->bus, &two, &p->e), 0);
	news_unbind(two);
	place_free(p);
}

static void long_paths_are_refused(void **state)
{
	struct place *p = place_new();
	char deep[160];
	struct bus *b;
	struct news_writer *w;

	(void)state;
	snprintf(deep, sizeof(deep), "%s/%0100d", p->dir, 0);
	assert_int_equal(bus_new(deep, &b, &p->e), 0);
	assert_int_equal(news_bind(b, &w, &p->e), -ENAMETOOLONG);
	assert_non_null(strstr(p->e.text, "trop long"));
	bus_free(b);
	place_free(p);
}

/* Raw bytes onto a channel, as a broken or foreign program would send them. */
static void shout(struct place *p, const char *channel, const void *bytes, size_t n)
{
	_free_ char *address = xasprintf("ipc://%s/bus/%s", p->dir, channel);
	void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_PUB);

	assert_int_equal(zmq_bind(socket, address), 0);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(zmq_send(socket, bytes, n, 0), (int)n);
		turn_for(p, 10);
	}
	zmq_close(socket);
	zmq_ctx_term(context);
}

static void no_news(void *user, const struct news *n, bool gap)
{
	(void)user;
	(void)n;
	(void)gap;
	fail();
}

static void foreign_messages_are_counted(void **state)
{
	struct place *p = place_new();
	struct news_reader *r;
	uint64_t before;

	(void)state;
	assert_int_equal(news_open(p->bus, no_news, NULL, &r, &p->e), 0);
	shout(p, "news", "\2\7xxxx", 6); /* another version */
	before = bus_rejected(p->bus);
	assert_true(before > 0);
	shout(p, "news", "\1\7", 2); /* ours, without its body */
	assert_true(bus_rejected(p->bus) > before);
	before = bus_rejected(p->bus);
	shout(p, "news", "", 0);
	assert_true(bus_rejected(p->bus) > before);
	news_close(r);
	place_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timers),
		cmocka_unit_test(descriptors),
		cmocka_unit_test(folder_is_private),
		cmocka_unit_test(second_binder_is_refused),
		cmocka_unit_test(long_paths_are_refused),
		cmocka_unit_test(foreign_messages_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
