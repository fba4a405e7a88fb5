/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peer.h"

#include <re2/set.h>
#include <vector>

static RE2::Options options(size_t memory)
{
	RE2::Options o;
	o.set_encoding(RE2::Options::EncodingLatin1);
	o.set_max_mem(static_cast<int64_t>(memory));
	o.set_log_errors(false);
	o.set_never_capture(true);
	return o;
}

struct peer {
	RE2::Set set;
	std::vector<int> found;
	explicit peer(size_t memory) : set(options(memory), RE2::UNANCHORED)
	{
	}
};

peer *peer_new(size_t memory)
{
	return new peer(memory);
}

peer *peer_free(peer *p)
{
	delete p;
	return nullptr;
}

void peer_add(peer *p, const char *pattern, size_t n)
{
	p->set.Add(re2::StringPiece(pattern, n), nullptr);
}

void peer_compile(peer *p)
{
	p->set.Compile();
}

size_t peer_find(peer *p, const char *text, size_t n)
{
	re2::StringPiece piece(text, n);

	// without a place for the numbers it stops at the first match; mostly there is none
	if (!p->set.Match(piece, nullptr) || !p->set.Match(piece, &p->found))
		return 0;
	return p->found.size();
}
