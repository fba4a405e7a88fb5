/* SPDX-License-Identifier: GPL-3.0-or-later
 * RE2::Set behind a few functions of C: for a hundred expressions at once nothing in C comes near its speed. */
#include "cover.h"

#include <initializer_list>
#include <memory>
#include <re2/set.h>
#include <vector>

static RE2::Options options(size_t memory)
{
	RE2::Options o;
	o.set_encoding(RE2::Options::EncodingLatin1); // bytes: covers are written so
	o.set_max_mem(static_cast<int64_t>(memory));
	o.set_log_errors(false);
	o.set_never_capture(true);
	return o;
}

/* A set that is asked whether any of its expressions matched allocates nothing, and one that is asked which ones does. So
 * the expressions are asked in groups of eight: whether any of a group, then which. Small groups also have small automata,
 * which stay in the cache: the states of all expressions together are their product. Of very many expressions that would
 * be many questions: RE2 is asked which of all. */
enum { GROUP = 8, FEW = COVER_FEW };
/* What the automata of groups and of single expressions may take of the memory for all together: a group is small, and
 * 256 expressions are 32 groups. */
enum { GROUP_SHARE = 8, ONE_SHARE = 32 };

using Sets = std::vector<std::unique_ptr<RE2::Set>>;

struct cover {
	size_t memory;
	RE2::Set all;
	Sets groups, ones; // while they are few
	size_t n = 0;
	explicit cover(size_t most) : memory(most), all(options(most), RE2::UNANCHORED)
	{
	}
};

struct cover_scratch {
	std::vector<int> found; // with room for all
};

cover *cover_new(size_t memory)
{
	return new cover(memory);
}

cover *cover_free(cover *c)
{
	delete c;
	return nullptr;
}

int cover_add(cover *c, const char *pattern, size_t n)
{
	re2::StringPiece text(pattern, n);
	int id = c->all.Add(text, nullptr);

	if (id < 0)
		return id;
	c->n++;
	if (c->n > FEW) {
		c->groups.clear();
		c->ones.clear();
		return id;
	}
	if (c->ones.size() % GROUP == 0)
		c->groups.emplace_back(
			new RE2::Set(options(c->memory / GROUP_SHARE), RE2::UNANCHORED));
	c->groups.back()->Add(text, nullptr);
	c->ones.emplace_back(new RE2::Set(options(c->memory / ONE_SHARE), RE2::UNANCHORED));
	c->ones.back()->Add(text, nullptr);
	return id;
}

bool cover_compile(cover *c)
{
	bool ok = !c->groups.empty() || c->all.Compile();

	for (Sets *sets : {&c->groups, &c->ones})
		for (auto &set : *sets)
			ok = set->Compile() && ok;
	return ok;
}

cover_scratch *cover_scratch_new(void)
{
	return new cover_scratch;
}

cover_scratch *cover_scratch_free(cover_scratch *s)
{
	delete s;
	return nullptr;
}

// What ran out of memory may have matched.
static bool may_match(const RE2::Set &set, re2::StringPiece text)
{
	RE2::Set::ErrorInfo error{RE2::Set::kNoError};

	return set.Match(text, nullptr, &error) || error.kind != RE2::Set::kNoError;
}

// A group is asked where that saves more questions than it costs.
static void ask_groups(
	const cover *c, cover_scratch *s, re2::StringPiece text, const uint64_t *asked)
{
	for (size_t i = 0; i < c->n; i += GROUP) {
		unsigned bits = asked[i / 64] >> i % 64 & ((1u << GROUP) - 1);

		if ((bits & (bits - 1)) && !may_match(*c->groups[i / GROUP], text))
			continue;
		for (; bits; bits &= bits - 1) {
			size_t one = i + static_cast<size_t>(__builtin_ctz(bits));

			if (one < c->n && may_match(*c->ones[one], text))
				s->found.push_back(static_cast<int>(one));
		}
	}
}

size_t cover_find(const cover *c, cover_scratch *s, const char *text, size_t n,
	const uint64_t asked[COVER_FEW / 64], const int **ret)
{
	re2::StringPiece piece(text, n);
	RE2::Set::ErrorInfo error{RE2::Set::kNoError};

	s->found.clear();
	s->found.reserve(c->n);
	if (!c->groups.empty()) {
		ask_groups(c, s, piece, asked);
	} else if (!may_match(c->all, piece)) {
		return 0;
	} else if (!c->all.Match(piece, &s->found, &error) && error.kind != RE2::Set::kNoError) {
		s->found.clear();
		for (size_t i = 0; i < c->n; i++)
			s->found.push_back(static_cast<int>(i));
	}
	*ret = s->found.data();
	return s->found.size();
}
