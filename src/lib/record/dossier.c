/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/dossier.h>

#include <errno.h>
#include <tocsin/record/wire.h>

const char *const dossier_purpose_names[DOSSIER_PURPOSES] = {
	"pharos", "article40", "plainte", "protection", "prefet"};
const char *const dossier_victim_names[DOSSIER_VICTIMS] = {"personne", "agent", "elu", "habitant"};

unsigned dossier_name(const char *const *names, unsigned n, struct slice name)
{
	unsigned i = 0;

	while (i < n && !slice_is(name, names[i]))
		i++;
	return i;
}

void dossier_open_encode(struct buf *out, const struct dossier_open *r)
{
	wire_put_i64(out, r->seq);
	wire_put_u8(out, r->purpose);
	wire_put_u8(out, r->victim);
	wire_put_bytes(out, r->title);
	wire_put_bytes(out, r->note);
	wire_put_bytes(out, r->who);
}

int dossier_open_decode(struct slice s, struct dossier_open *ret)
{
	struct wire w = wire_reader(s);
	struct dossier_open r = {0};

	r.seq = wire_i64(&w);
	r.purpose = wire_u8(&w);
	r.victim = wire_u8(&w);
	r.title = wire_bytes(&w);
	r.note = wire_bytes(&w);
	r.who = wire_bytes(&w);
	if (!wire_done(&w) || r.purpose >= DOSSIER_PURPOSES || r.victim >= DOSSIER_VICTIMS ||
		!r.title.n || r.title.n > DOSSIER_TITLE_MAX || r.note.n > DOSSIER_TEXT_MAX ||
		!r.who.n)
		return -EBADMSG;
	*ret = r;
	return 0;
}

void dossier_piece_encode(struct buf *out, const struct dossier_piece *r)
{
	wire_put_i64(out, r->dossier);
	wire_put_i64(out, r->seq);
	wire_put_u8(out, r->remove);
	wire_put_bytes(out, r->reason);
	wire_put_bytes(out, r->who);
}

int dossier_piece_decode(struct slice s, struct dossier_piece *ret)
{
	struct wire w = wire_reader(s);
	struct dossier_piece r = {0};

	r.dossier = wire_i64(&w);
	r.seq = wire_i64(&w);
	r.remove = wire_u8(&w);
	r.reason = wire_bytes(&w);
	r.who = wire_bytes(&w);
	if (!wire_done(&w) || r.remove > 1 || (r.remove && !r.reason.n) ||
		r.reason.n > DOSSIER_TEXT_MAX || !r.who.n)
		return -EBADMSG;
	*ret = r;
	return 0;
}

void dossier_entry_encode(struct buf *out, const struct dossier_entry_request *r)
{
	wire_put_i64(out, r->dossier);
	wire_put_u8(out, r->kind);
	wire_put_u8(out, r->purpose);
	wire_put_i64(out, r->at);
	wire_put_bytes(out, r->text);
	wire_put_bytes(out, r->who);
}

int dossier_entry_decode(struct slice s, struct dossier_entry_request *ret)
{
	struct wire w = wire_reader(s);
	struct dossier_entry_request r = {0};

	r.dossier = wire_i64(&w);
	r.kind = wire_u8(&w);
	r.purpose = wire_u8(&w);
	r.at = wire_i64(&w);
	r.text = wire_bytes(&w);
	r.who = wire_bytes(&w);
	if (!wire_done(&w) || (r.kind != DOSSIER_NOTE && r.kind != DOSSIER_SENT) ||
		r.purpose >= DOSSIER_PURPOSES || r.at < 0 || !r.text.n ||
		r.text.n > DOSSIER_TEXT_MAX || !r.who.n)
		return -EBADMSG;
	*ret = r;
	return 0;
}

void dossier_lift_encode(struct buf *out, const struct dossier_lift *r)
{
	wire_put_i64(out, r->dossier);
	wire_put_bytes(out, r->reason);
	wire_put_bytes(out, r->who);
}

int dossier_lift_decode(struct slice s, struct dossier_lift *ret)
{
	struct wire w = wire_reader(s);
	struct dossier_lift r = {0};

	r.dossier = wire_i64(&w);
	r.reason = wire_bytes(&w);
	r.who = wire_bytes(&w);
	if (!wire_done(&w) || !r.reason.n || r.reason.n > DOSSIER_TEXT_MAX || !r.who.n)
		return -EBADMSG;
	*ret = r;
	return 0;
}
