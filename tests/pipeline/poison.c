/* SPDX-License-Identifier: GPL-3.0-or-later
 * Preloaded into the processes of a scenario: a scorer that receives a message with a pill in it dies at once, as
 * if the comment had crashed it. */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <zmq.h>

typedef int receive_fn(zmq_msg_t *message, void *socket, int flags);

int zmq_msg_recv(zmq_msg_t *message, void *socket, int flags)
{
	static receive_fn *real;
	int n;

	if (!real) {
		void *found = dlsym(RTLD_NEXT, "zmq_msg_recv");

		memcpy(&real, &found, sizeof(found));
	}
	n = real(message, socket, flags);
	if (n > 0 && strcmp(program_invocation_short_name, "tocsin-score") == 0 &&
		memmem(zmq_msg_data(message), (size_t)n, "POISON-PILL-", 12))
		raise(SIGKILL);
	return n;
}
