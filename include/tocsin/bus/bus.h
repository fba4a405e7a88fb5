/* SPDX-License-Identifier: GPL-3.0-or-later
 * The wires between processes: ZeroMQ sockets under names, one event loop a process. Sole user of libzmq.
 *
 * Every message is [version u8][type u8][body]. Channels are ipc:// sockets in a 0700 run folder
 * (tcp:// with CURVE and an allow-list later). MAXMSGSIZE, finite LINGER and high-water marks are set
 * on every socket; a binder holds one lock file a channel, for a second bind would silently take it over.
 *
 * Flow control: nothing here blocks. A send returns BUS_FULL when the peer's high-water mark is reached
 * and the caller keeps the message; PUT is bounded by unacknowledged PUTs, BATCH by credits, RESULT by
 * the credits behind it, requests by one outstanding a client. */
#ifndef TOCSIN_BUS_BUS_H
#define TOCSIN_BUS_BUS_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

#define BUS_VERSION 1
#define BUS_MESSAGE_MAX (16u << 20) /* bytes */
#define BUS_ATTEMPTS_MAX \
	6u /* a single comment delivered this often without a result goes unscored */
#define BUS_BUNDLE 32u /* bytes of a bundle hash on the wire */

enum bus_outcome { BUS_FULL = 1, BUS_EMPTY = 2, BUS_TIMEOUT = 3, BUS_GAP = 4 };

/* --- event loop: zmq sockets, descriptors, timers; single-threaded */
struct bus;
typedef void bus_fd_fn(void *user, int fd, short revents);
typedef void bus_timer_fn(void *user);
typedef void bus_ready_fn(void *user); /* a channel has something to read */

int bus_new(const char *run_dir, struct bus **ret, struct error *e) _must_check_;
/* Closes every channel (finite linger) and the context. */
struct bus *bus_free(struct bus *b);
int bus_watch_fd(struct bus *b, int fd, short events, bus_fd_fn *fn, void *user) _must_check_;
void bus_unwatch_fd(struct bus *b, int fd);
/* Repeats every period_ms; period 0 = once after delay. Returns an id. */
int bus_timer(struct bus *b, int64_t delay_ms, int64_t period_ms, bus_timer_fn *fn, void *user);
void bus_timer_cancel(struct bus *b, int id);
/* Runs callbacks until bus_stop; bus_turn runs one round and waits at most timeout_ms. */
int bus_run(struct bus *b) _must_check_;
int bus_turn(struct bus *b, int64_t timeout_ms) _must_check_;
void bus_stop(struct bus *b);
/* Messages dropped so far because they were not understood (version, type, body): log it when it grows. */
uint64_t bus_rejected(const struct bus *b);
#endif
