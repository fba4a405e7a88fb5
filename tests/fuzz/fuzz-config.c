/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as tocsin.yaml, whose files are not looked for: a configuration that claims no more of its accessibility than its audit
 * found, or at least one error with a place inside the text. */
#include <tocsin/service/config.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

static void check_statement(const struct accessibility *a)
{
	require(a->audited || a->state <= ACCESSIBILITY_NONE);
	require(a->audited || a->state > ACCESSIBILITY_UNSAID || (!a->gaps && !a->mail && !a->day));
	if (!a->audited)
		return;
	require(a->state > ACCESSIBILITY_UNSAID && a->audit.by && a->audit.rgaa);
	require(a->audit.day > 0 && a->audit.rate >= 0 && a->audit.rate <= 10000);
	require(a->state != ACCESSIBILITY_PARTIAL || a->audit.rate >= 5000);
	require(a->state != ACCESSIBILITY_TOTAL || (a->audit.rate == 10000 && !a->gaps));
	require(!a->day || a->day >= a->audit.day);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct problems p = {0};
	struct config c;
	const struct slice text = {(const char *)data, n};
	const int r = config_load_text("/etc/tocsin/tocsin.yaml", text, &c, &p);
	require(r <= 0 && (r == 0) == (p.errors == 0));
	for (size_t i = 0; i < p.n; i++)
		require(p.list[i].text[0]);
	if (r == 0) {
		check_statement(&c.console.accessibility);
		config_release(&c);
	}
	problems_release(&p);
	return 0;
}
