/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as comments of a few authors, at any time: topics hold what the header says. A comment ends at a
 * newline; its first byte is its author, its second how much later it comes. */
#include <tocsin/base/clock.h>
#include <tocsin/emergent/emergent.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

static void on_topic(void *user, const struct emergent_topic *topic)
{
	const int64_t *latest = user;

	require(topic->at <= *latest && topic->score >= 0);
	require(topic->n_terms >= 1 && topic->n_terms <= EMERGENT_TERMS && topic->n_examples >= 1 &&
		topic->n_examples <= EMERGENT_EXAMPLES);
	require(topic->authors >= 3 && topic->messages >= topic->authors);
	for (size_t i = 0; i < topic->n_terms; i++)
		require(topic->terms[i].n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct emergent *e;
	static int64_t at, latest;
	const struct emergent_config config = emergent_config_default();

	if (!e)
		e = emergent_new(&config); /* kept: what it remembers is part of the search */
	while (n > 2) {
		const uint8_t *end = memchr(data, '\n', n);
		size_t line = end ? (size_t)(end - data) : n;
		if (line > 2) {
			struct slice text = {(const char *)data + 2, line - 2};
			at += (int64_t)data[1] * data[1] * CLOCK_MINUTE / 4;
			latest = at > latest ? at : latest;
			emergent_hear(e,
				&(struct emergent_message){
					.at = at, .author = data[0] % 9u, .id = text, .text = text},
				on_topic, &latest);
		}
		data += line + (line < n);
		n -= line + (line < n);
	}
	return 0;
}
