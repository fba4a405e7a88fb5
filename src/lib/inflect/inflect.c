/* SPDX-License-Identifier: GPL-3.0-or-later
 * The handle: opens, remembers what was asked, and hands the questions on. */
#include "handle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/base/large.h>
#include <tocsin/base/utf8.h>

#define ANSWERS_MANY 1024u
#define PACKED_MAX ((off_t)256 << 20)

/* Debian's and others' names for the French dictionary, the plain one first. */
static const char *const places[] = {
	"/usr/share/hunspell/fr",
	"/usr/share/hunspell/fr_FR",
	"/usr/share/myspell/dicts/fr_FR",
};

struct inflect *handle_new(void)
{
	struct inflect *i = xcalloc(1, sizeof(*i));

	i->plain = plain_new();
	i->dict.plain = i->plain;
	i->known = map_new();
	arena_init(&i->arena, 0);
	return i;
}

struct inflect *inflect_close(struct inflect *i)
{
	if (!i)
		return NULL;
	dict_release(&i->dict);
	lexicon_release(&i->lexicon);
	plain_free(i->plain);
	map_free(i->known);
	free(i->answers);
	arena_release(&i->arena);
	if (i->mapped)
		munmap(i->mapped, i->n_mapped);
	free(i);
	return NULL;
}

static int read_dictionary(struct inflect *i, const char *path, struct error *e)
{
	_free_ char *aff_name = xasprintf("%s.aff", path), *dic_name = xasprintf("%s.dic", path);
	_buf_ struct buf aff = {0}, dic = {0};
	int error = file_read(aff_name, DICT_FILE_MAX, &aff, e);

	if (error == 0)
		error = file_read(dic_name, DICT_FILE_MAX, &dic, e);
	if (error == 0)
		error = dict_read(&i->dict, &aff, aff_name, &dic, dic_name, e);
	i->has_dict = error == 0;
	return error;
}

static bool is_there(const char *path)
{
	_free_ char *aff_name = xasprintf("%s.aff", path), *dic_name = xasprintf("%s.dic", path);

	return access(aff_name, F_OK) == 0 && access(dic_name, F_OK) == 0;
}

int inflect_open(const char *path, struct inflect **ret, struct error *e)
{
	struct inflect *i;
	int error;

	for (size_t at = 0; !path && at < sizeof(places) / sizeof(*places); at++)
		if (is_there(places[at]))
			path = places[at];
	i = handle_new();
	if (!path || !is_there(path)) {
		*ret = i;
		return INFLECT_ABSENT;
	}
	error = read_dictionary(i, path, e);
	if (error < 0) {
		inflect_close(i);
		return error;
	}
	*ret = i;
	return 0;
}

int inflect_open_text(struct slice aff, struct slice dic, struct inflect **ret, struct error *e)
{
	struct inflect *i = handle_new();
	_buf_ struct buf a = {0}, d = {0};
	int error;

	buf_add_slice(&a, aff);
	buf_add_slice(&d, dic);
	error = dict_read(&i->dict, &a, "aff", &d, "dic", e);
	if (error < 0) {
		inflect_close(i);
		return error;
	}
	i->has_dict = true;
	*ret = i;
	return 0;
}

int inflect_open_bytes(struct slice packed, struct inflect **ret, struct error *e)
{
	struct inflect *i = handle_new();
	int error = pack_read(i, packed, e);

	if (error < 0) {
		inflect_close(i);
		return error;
	}
	*ret = i;
	return 0;
}

int inflect_open_packed(const char *path, struct inflect **ret, struct error *e)
{
	_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p;
	int error;

	if (fd < 0 || fstat(fd, &st) < 0)
		return error_set(e, -errno, "%s : %s", path, error_reason(-errno));
	if (st.st_size <= 0 || st.st_size > PACKED_MAX)
		return error_set(e, -EINVAL, "%s : taille inattendue", path);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return error_set(e, -errno, "%s : %s", path, error_reason(-errno));
	error = inflect_open_bytes((struct slice){p, (size_t)st.st_size}, ret, e);
	if (error < 0) {
		error_prefix(e, "%s", path);
		munmap(p, (size_t)st.st_size);
		return error;
	}
	(*ret)->mapped = p;
	(*ret)->n_mapped = (size_t)st.st_size;
	return 0;
}

void answer_keep(struct inflect *i, struct answer answer)
{
	if (i->n_answers == ANSWERS_MANY)
		i->arena.block_size = LARGE_PAGE; /* from here on */
	i->answers = xgrow(i->answers, i->n_answers, &i->cap_answers, sizeof(*i->answers));
	i->answers[i->n_answers++] = answer;
	*map_at(i->known, answer.key, NULL) = i->n_answers;
}

static int by_bytes(const void *x, const void *y)
{
	return slice_compare(*(const struct slice *)x, *(const struct slice *)y);
}

/* Sorts, drops repetitions, copies to the arena's end. */
static struct inflect_forms finish(struct inflect *i, struct form_list *l)
{
	struct slice *list;
	size_t n = 0;

	qsort(l->list, l->n, sizeof(*l->list), by_bytes);
	for (size_t at = 0; at < l->n; at++)
		if (!n || !slice_equal(l->list[at], l->list[n - 1]))
			l->list[n++] = l->list[at];
	list = arena_alloc(&i->arena, n * sizeof(*list));
	memcpy(list, l->list, n * sizeof(*list));
	free(l->list);
	return (struct inflect_forms){list, n};
}

static int ask(
	struct inflect *i, enum question question, struct slice term, struct inflect_forms *ret)
{
	_buf_ struct buf key = {0}, plain = {0};
	struct form_list forms = {.arena = &i->arena};
	struct answer answer = {.outcome = INFLECT_FIXED};
	const uint64_t *known;

	buf_add_char(&key, (char)question);
	buf_add_slice(&key, term);
	known = map_find(i->known, buf_slice(&key));
	if (known) {
		*ret = i->answers[*known - 1].forms;
		return i->answers[*known - 1].outcome;
	}
	if (utf8_valid(term) && term.n <= INFLECT_TERM_MAX) {
		plain_add(i->plain, &plain, term);
		form_list_add(&forms, buf_slice(&plain));
		answer.outcome = question == ASK_VERB ? verb_answer(i, term, &forms)
						      : words_answer(i, term, &forms);
	} else {
		form_list_add(&forms, term);
	}
	answer.key = arena_copy(&i->arena, buf_slice(&key));
	answer.forms = finish(i, &forms);
	answer_keep(i, answer);
	*ret = answer.forms;
	return answer.outcome;
}

int inflect_words(struct inflect *i, struct slice term, struct inflect_forms *ret)
{
	return ask(i, ASK_WORDS, term, ret);
}

int inflect_verb(struct inflect *i, struct slice phrase, struct inflect_forms *ret)
{
	return ask(i, ASK_VERB, phrase, ret);
}

/* The set of all forms, made when it is first needed; an empty one when it cannot be, tried again only for inflect_pack,
 * which says why. */
static const struct lexicon *lexicon_of(struct inflect *i, struct error *e, int *ret_error)
{
	int error = 0;

	if (!i->has_lexicon && (ret_error || !i->lexicon_failed)) {
		error = lexicon_build(&i->lexicon, &i->dict, e);
		i->has_lexicon = error == 0;
		i->lexicon_failed = error < 0;
	}
	if (ret_error)
		*ret_error = error;
	return &i->lexicon;
}

bool inflect_is_word(struct inflect *i, struct slice word, enum inflect_view view)
{
	return lexicon_has(lexicon_of(i, NULL, NULL), word, view);
}

void inflect_each(struct inflect *i, inflect_each_fn *fn, void *arg)
{
	lexicon_each(lexicon_of(i, NULL, NULL), fn, arg);
}

size_t inflect_count(struct inflect *i)
{
	return lexicon_of(i, NULL, NULL)->n_words;
}

int inflect_pack(struct inflect *i, struct buf *out, struct error *e)
{
	int error;
	const struct lexicon *l = lexicon_of(i, e, &error);

	if (error < 0)
		return error;
	return pack_write(l, i->answers, i->n_answers, out, e);
}
