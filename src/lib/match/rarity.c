/* SPDX-License-Identifier: GPL-3.0-or-later
 * How rare a string is in French text, by its pairs of letters: a Markov chain over the letters and the border of
 * words. Counted in three million letters of the French manual pages of Debian. */
#include <math.h>

#include "literals.h"

/* From each row to each column (border, a to z): -4 log2 of the probability, from the character '0' on. */
static const char pairs[27][28] = {
	"C?I?<>CKMDQU=DCE?HE?CBGPTVW",
	";]F@F[HD_@NW@E;`EL=A>?EZQOi",
	"@>TKT?UVU<Hd7RZ?Tm?DH?m_mGP",
	"?@ZHV:YZ:BcFFT\\9LYBM=BXecQk",
	":?WXL4YZb?^jRSZCSpFMX@__cUh",
	"6KSCKFJN`S\\bEB>[JQ=;@CM[H[O",
	">=[ONA=]^5rgIXZ;\\aDBOJkdrLr",
	"=BYQX6TSM?fYDI;KTY=HR=U[`aO",
	"@:_[O6_^S7p`XNT@VpEUKMiZpNb",
	"AGH?F=DDgWqa?E<=GCA=?aEjMtT",
	"E>]JX8TcWMPcZU]6J]cMV9c]ccc",
	"6COTI6JIQ?W_ONKEQ\\JCLIZLeN_",
	";;[TO6YYa;xYAW]AUV]IGD[[eMW",
	"@:DZR6[ab?fUS>X>=fYGNJg`b`u",
	"9D\\C?<GH^BaTR[DAWXU>9EIjeV^",
	"DVJAEYKIZA]UF>7NBT=FD:RO[Jj",
	"B9\\NU;YZGFvW?X[;Bl;I?FSZa[v",
	"KggmZmmmmgmm_d[g]ggam0mgmmm",
	"8?RHI7OHk?mVSDH@LRF@BLK]ePe",
	"4D[HU=WVM@{UUT`AFLVA=BZUhFe",
	"7@_MV9V[D:leRT[BSh?DDG][[Lc",
	"<JOHL<OS\\ARcCG<XE[:?<VGiEa`",
	"B9[YU4VXi<of[Qa=ZiEVXQ\\ffio",
	":<RJD@WC=:dTNNC>MYAFLN^HTdd",
	"5CYFP9QWX=k^RT`P?UST>`WkIRH",
	"7>RNY>aajQjaIBBL>jF7KWYW_PW",
	"3LcMQ:XcV@ccSCVEcc]O]ZcZcLI",
};
#define FIGURE_BITS 9.0 /* a figure, or a sign that no word holds */
/* The same for a border or a letter at any place. */
static const char singles[] = ":AMCD;HKJ@WUBEABEM@@@BKVOPW";

/* 0: border of a word; 1 to 26: letter; -1: neither. */
static int symbol(unsigned char c)
{
	static const char bases[] = "aaaaaa cceeeeiiii nooooo ouuuuy y";

	if (c >= 'a' && c <= 'z')
		return c - 'a' + 1;
	if (c >= 0xa0 && c < 0xc0 && bases[c - 0xa0] != ' ')
		return bases[c - 0xa0] - 'a' + 1; /* second byte of an accented letter */
	return is_blank((char)c) || c == EDGE || c == '\'' || c == '-' ? 0 : -1;
}

double rarity(struct slice s)
{
	double bits = 0;
	int before = -1, now;

	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] == 0xc3)
			continue;
		now = symbol((unsigned char)s.p[i]);
		if (now < 0)
			bits += FIGURE_BITS;
		else if (before >= 0 && !(now == 0 && before == 0))
			bits += (pairs[before][now] - '0') / 4.0;
		else if (before != 0)
			bits += (singles[now] - '0') / 4.0;
		before = now;
	}
	return exp2(-bits);
}
