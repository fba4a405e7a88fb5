/* SPDX-License-Identifier: GPL-3.0-or-later
 * How improbable a count is. Scores are -log10 of a probability. */
#ifndef EMERGENT_CHANCE_H
#define EMERGENT_CHANCE_H

/* k or more of a term among `among` comments, when it was heard about `past` times in `all` earlier ones: the tail of
 * the negative binomial with shape `past` (the predictive of a Gamma rate). The shape is at most that of a rate that
 * varies by a third by itself: words come in waves. 0 when k is no more than expected. */
double chance_of_count(unsigned k, double among, double past, double all);

/* The same for a rate that is only guessed, as that of two words said together: geometric (a Gamma of shape 1). */
double chance_of_guess(unsigned k, double expected);
#endif
