/* SPDX-License-Identifier: GPL-3.0-or-later
 * Mails as people's programs write them, and as nobody should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <tocsin/base/utf8.h>
#include <tocsin/mime/mime.h>

#define HEAD \
	"From: \"Odile D.\" <Odile@Valmont.example>\r\nMessage-ID: <a@x>\r\nMIME-Version: 1.0\r\n"

static void check(const char *mail, size_t n, const char *expected)
{
	struct mime_mail m = {0};
	_buf_ struct buf got = {0};

	mime_read((struct slice){mail, n}, &m);
	buf_printf(&got, "%s|%s|%s|%s|%s%s%s", buf_string(&m.author), buf_string(&m.name),
		buf_string(&m.subject), buf_string(&m.root), m.html ? "html:" : "",
		m.automatic ? "auto:" : "", buf_string(&m.body));
	assert_string_equal(buf_string(&got), expected);
	mime_release(&m);
}
#define MAIL(text, expected) check(text, sizeof(text) - 1, expected)

static void answered(void **state)
{
	static const struct {
		const char *headers, *expected;
	} cases[] = {{"", ""}, {"References: <r@x> <s@x>\r\n", "s@x"},
		{"References: <r@x> <s@x>\r\nIn-Reply-To: <t@x>\r\n", "t@x"},
		{"In-Reply-To: rien\r\nReferences: <r@x>\r\n", "r@x"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct mime_mail m = {0};
		_buf_ struct buf mail = {0};

		buf_printf(&mail, HEAD "%s\r\na", cases[i].headers);
		mime_read(buf_slice(&mail), &m);
		assert_string_equal(buf_string(&m.answered), cases[i].expected);
		mime_release(&m);
	}
}

static void texts(void **state)
{
	(void)state;
	MAIL(HEAD
		"Subject: =?utf-8?q?L=27=C3=A9t=C3=A9?=\r\n"
		"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nTCfDqXTDqQ==\r\n",
		"odile@valmont.example|Odile D.|L'été|a@x|L'été");
	MAIL(HEAD "Subject: x\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
		  "Content-Transfer-Encoding: quoted-printable\r\n\r\nL=92=E9t=E9 =80",
		"odile@valmont.example|Odile D.|x|a@x|L’été €");
	MAIL(HEAD "Subject: x\r\nContent-Type: text/plain; charset=x-nobody\r\n\r\nL\x92\xe9t\xe9",
		"odile@valmont.example|Odile D.|x|a@x|L’été");
	MAIL(HEAD "Subject: L\xe9\r\n\r\nL\xe9", "odile@valmont.example|Odile D.|Lé|a@x|Lé");
	MAIL(HEAD "References: <r@x> <s@x>\r\n\r\na\0b", "odile@valmont.example|Odile D.||r@x|a b");
	MAIL(HEAD "In-Reply-To: <r@x>\r\n\r\na", "odile@valmont.example|Odile D.||r@x|a");
}

/* What names people and threads can be kept, whatever its sender makes of it. */
static void identifiers(void **state)
{
	_buf_ struct buf mail = {0};
	struct mime_mail m = {0};

	(void)state;
	buf_add_string(&mail, "From: =?utf-8?q?a=0Ab=07?= <");
	for (int i = 0; i < 3000; i++)
		buf_add_char(&mail, 'x');
	buf_add_string(&mail, "@valmont.example>\r\nReferences: <");
	for (int i = 0; i < 3000; i++)
		buf_add_char(&mail, 'y');
	buf_add_string(&mail, "@x>\r\n\r\na");
	mime_read(buf_slice(&mail), &m);
	assert_true(m.author.n > 0 && m.author.n <= 512 && m.root.n > 0 && m.root.n <= 512);
	for (size_t i = 0; i < m.name.n; i++)
		assert_true((unsigned char)m.name.p[i] >= ' ');
	mime_release(&m);
}

static void parts(void **state)
{
	(void)state;
	MAIL(HEAD
		"Content-Type: multipart/alternative; boundary=b\r\n\r\n"
		"--b\r\nContent-Type: text/html\r\n\r\n<p>Oui</p>\r\n--b\r\nContent-Type: text/plain\r\n\r\nOui\r\n--b--",
		"odile@valmont.example|Odile D.||a@x|Oui");
	MAIL(HEAD
		"Content-Type: multipart/alternative; boundary=b\r\n\r\n"
		"--b\r\nContent-Type: text/plain\r\n\r\n \r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Oui</p>\r\n--b--",
		"odile@valmont.example|Odile D.||a@x|html:<p>Oui</p>");
	MAIL(HEAD
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
		"--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nfichier\r\n"
		"--b\r\nContent-Type: multipart/related; boundary=c\r\n\r\n--c\r\n\r\ndedans\r\n--c--\r\n--b--",
		"odile@valmont.example|Odile D.||a@x|dedans");
	MAIL(HEAD
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\ncoup",
		"odile@valmont.example|Odile D.||a@x|coup");
	MAIL(HEAD "Content-Type: multipart/mixed\r\n\r\nsans bord",
		"odile@valmont.example|Odile D.||a@x|");
	MAIL(HEAD "Auto-Submitted: auto-replied\r\n\r\nabsent",
		"odile@valmont.example|Odile D.||a@x|auto:absent");
	MAIL(HEAD "Auto-Submitted: no\r\n\r\nlà", "odile@valmont.example|Odile D.||a@x|là");
	MAIL("", "||||");
	MAIL("nul mail \0\xff", "||||nul mail  \xef\xbf\xbd");
}

static void nested(void **state)
{
	_buf_ struct buf mail = {0};

	(void)state;
	for (int i = 0; i < 5000; i++)
		buf_printf(&mail, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i,
			i);
	buf_add_string(&mail, "\r\ntrop profond\r\n");
	struct mime_mail m = {0};
	mime_read(buf_slice(&mail), &m);
	assert_true(utf8_valid(buf_slice(&m.body)));
	mime_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(texts), cmocka_unit_test(answered),
		cmocka_unit_test(identifiers), cmocka_unit_test(parts), cmocka_unit_test(nested)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
