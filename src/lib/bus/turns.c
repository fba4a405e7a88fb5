/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "turns.h"

void turns_end(struct turns *t)
{
	if (t->gather.n)
		t->spec.on_turn(t->spec.listener);
	gather_clear(&t->gather);
}

void turns_bye(struct turns *t, const struct peer_id *from)
{
	turns_end(t);
	socket_say(t->socket, from, MESSAGE_BYE_OK);
	peers_remove(&t->peers, from);
}

static void ready(void *user)
{
	struct turns *t = user;

	for (int i = 0; i < BUS_ROUND; i++) {
		struct message *m = gather_slot(&t->gather);

		if (socket_receive(t->socket, m) != 0)
			break;
		if (!t->spec.handle(t->spec.handler, m))
			zmq_msg_close(&m->raw);
		if (t->gather.comments >= t->spec.comments || t->gather.bytes >= t->spec.bytes)
			turns_end(t);
	}
	turns_end(t);
}

static void tick(void *user)
{
	struct turns *t = user;

	peers_sweep(&t->peers);
}

int turns_open(struct bus *b, const struct turns_spec *spec, struct turns *t, struct error *e)
{
	int r;

	*t = (struct turns){.spec = *spec, .bus = b, .epoch = bus_random()};
	t->spec.socket.ready = ready;
	t->spec.socket.user = t;
	r = socket_open(b, &t->spec.socket, &t->socket, e);
	if (r < 0)
		return r;
	t->timer = bus_timer(b, BUS_SILENT_MS, BUS_SILENT_MS, tick, t);
	return 0;
}

void turns_close(struct turns *t)
{
	bus_timer_cancel(t->bus, t->timer);
	socket_close(t->socket);
	gather_release(&t->gather);
	peers_release(&t->peers);
}
