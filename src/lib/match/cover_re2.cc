/* SPDX-License-Identifier: GPL-3.0-or-later
 * RE2::Set behind a few functions of C: for a hundred expressions at once nothing in C comes near its speed. */
#include "cover.h"

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

/* A set that is asked which of its expressions matched allocates, and one that is asked whether any did does not. So the
 * expressions are in three sets each: all of them, a group of a few, and one alone. Most texts end with the first. */
enum { GROUP = 8 };

struct cover {
	size_t memory;
	RE2::Set all;
	std::vector<std::unique_ptr<RE2::Set>> groups, ones;
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

static std::unique_ptr<RE2::Set> new_set(const cover *c)
{
	return std::unique_ptr<RE2::Set>(new RE2::Set(options(c->memory), RE2::UNANCHORED));
}

int cover_add(cover *c, const char *pattern, size_t n)
{
	re2::StringPiece text(pattern, n);
	int id = c->all.Add(text, nullptr);

	if (id < 0)
		return id;
	if (id % GROUP == 0)
		c->groups.push_back(new_set(c));
	c->groups.back()->Add(text, nullptr);
	c->ones.push_back(new_set(c));
	c->ones.back()->Add(text, nullptr);
	return id;
}

bool cover_compile(cover *c)
{
	bool ok = c->all.Compile();

	for (auto &set : c->groups)
		ok = set->Compile() && ok;
	for (auto &set : c->ones)
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

size_t cover_find(const cover *c, cover_scratch *s, const char *text, size_t n, const int **ret)
{
	re2::StringPiece piece(text, n);

	if (!may_match(c->all, piece))
		return 0;
	s->found.clear();
	s->found.reserve(c->ones.size());
	for (size_t i = 0; i < c->ones.size(); i++) {
		if (i % GROUP == 0 && !may_match(*c->groups[i / GROUP], piece))
			i += GROUP - 1;
		else if (may_match(*c->ones[i], piece))
			s->found.push_back(static_cast<int>(i));
	}
	*ret = s->found.data();
	return s->found.size();
}
