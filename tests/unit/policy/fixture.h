/* SPDX-License-Identifier: GPL-3.0-or-later
 * A policy and a main courante for the tests. */
#ifndef TEST_POLICY_FIXTURE_H
#define TEST_POLICY_FIXTURE_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <tocsin/base/clock.h>
#include <tocsin/policy/policy.h>

#define MIN CLOCK_MINUTE

static const char fixture_text[] =
	"people:\n"
	"  - {id: morel, name: C. Morel, role: community manager, mail: morel@ville.example}\n"
	"  - {id: dircom, name: A. Roche, role: dir'com, mail: dircom@ville.example, hook: salon}\n"
	"  - {id: dgs, name: B. Faure, role: DGS, mail: dgs@ville.example}\n"
	"  - {id: dircab, name: D. Petit, mail: dircab@ville.example}\n"
	"hooks:\n"
	"  - {id: salon, title: Salon de crise, url: 'https://chat.ville.example/hooks/x', form: mattermost}\n"
	"levels:\n"
	"  jaune: [{tell: morel}]\n"
	"  orange: [{tell: dircom, by: mail}, {tell: dgs, after: 15 min}]\n"
	"  rouge: [{tell: [dircom, dgs, dircab]}, {tell: salon, after: 5 min}]\n"
	"  gris: [{tell: morel}]\n"
	"  P1: [{tell: [dircom, dgs], by: mail}, {tell: dircab, after: 10 min}]\n"
	"policy: {repeat: 30 min, fallback: [dgs, dircab]}\n";

struct fixture {
	struct yaml_file file;
	struct policy policy;
	struct problems problems;
	struct arena arena;
};

static inline void fixture_release(struct fixture *f)
{
	policy_release(&f->policy);
	yaml_release(&f->file);
	problems_release(&f->problems);
	arena_release(&f->arena);
}

/* 0 when the text loads; what is wrong is in problems. */
static inline int fixture_load(struct fixture *f, const char *text)
{
	*f = (struct fixture){0};
	arena_init(&f->arena, 0);
	int r = yaml_read_text("tocsin.yaml", slice_of(text), &f->file, &f->problems);
	return r < 0 ? r : policy_load(&f->file, "/etc/tocsin", &f->policy, &f->problems);
}

static inline int fixture_setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));
	if (fixture_load(f, fixture_text) < 0) {
		for (size_t i = 0; i < f->problems.n; i++)
			print_error("%u:%u %s\n", f->problems.list[i].line,
				f->problems.list[i].column, f->problems.list[i].text);
		return -1;
	}
	*state = f;
	return 0;
}

static inline int fixture_teardown(void **state)
{
	fixture_release(*state);
	test_free(*state);
	return 0;
}
#endif
