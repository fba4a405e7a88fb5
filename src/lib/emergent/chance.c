/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chance.h"

#include <math.h>

#define SHAPE_MAX 9.0 /* 1 / (a third)² */
#define ENOUGH 1e-3 /* of the sum: the rest of the tail says nothing */

double chance_of_count(unsigned k, double among, double past, double all)
{
	double shape = past * SHAPE_MAX / (past + SHAPE_MAX);
	double expected = all > 0 ? past * among / all : k;
	double p = expected / (expected + shape), term, sum;

	if (k == 0 || expected >= k)
		return 0;
	term = exp(shape * log1p(-p));
	for (unsigned i = 0; i < k; i++)
		term *= (shape + i) / (i + 1) * p;
	sum = term;
	for (unsigned i = k; term > ENOUGH * sum; i++)
		sum += term *= (shape + i) / (i + 1) * p;
	return sum < 1 ? -log10(sum) : 0;
}

double chance_of_guess(unsigned k, double expected)
{
	return k * log10(1 + 1 / expected);
}
