/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every subcommand of `tocsin` shares: options, language, the configuration, exit codes.
 * Exit: 0 done, 1 found problems, 2 misuse. */
#ifndef TOCSIN_COMMAND_H
#define TOCSIN_COMMAND_H
#include <stdio.h>
#include <tocsin/bus/commit.h>
#include <tocsin/db/reader.h>
#include <tocsin/service/config.h>

enum {
	EXIT_DONE,
	EXIT_PROBLEMS,
	EXIT_MISUSE,
	EXIT_UNSURE, /* asked of store, which has not answered: it may do it yet */
	EXIT_OWED /* all is done, but for messages that could not be delivered: they are kept */
};

struct context {
	enum words_lang lang;
	bool json;
	bool terminal; /* standard output is one */
	const char *config_path; /* as found */
	bool loaded;
	struct config config;
	struct reader *reader;
	struct bus *bus;
	struct commit_client *store;
};

struct command {
	const char *name, *french; /* french: another spelling, or NULL */
	int (*run)(struct context *x, int argc, char **argv); /* argv[0] is the command's name */
	const char *summary; /* French; through words() */
	const char *usage; /* what follows the name */
};

/* An option of a command: either a flag, or with a value, in one of two spellings. --config, --lang and
 * --json are known everywhere (and --help, before a command sees its line). */
struct option_spec {
	const char *name, *french; /* without "--" */
	bool *flag;
	const char **value;
};
/* Takes options out of argv wherever they stand, up to "--"; the rest moves to the front of argv and *argc is their
 * number (without the command's name). Returns 0, or EXIT_MISUSE after saying why. */
int options_parse(struct context *x, const struct option_spec *specs, size_t n, int *argc,
	char **argv) _must_check_;
/* How many words may stay: else EXIT_MISUSE after saying so. */
int options_words(struct context *x, const char *command, int argc, int min, int max) _must_check_;
/* Whether a word is this one, in one of two spellings. */
bool option_is(const char *word, const char *english, const char *french);
/* A number or a duration from an option, said when wrong. */
int option_number(struct context *x, const char *name, const char *text, int64_t min, int64_t max,
	int64_t *ret) _must_check_;
int option_duration(struct context *x, const char *name, const char *text, int64_t *ret_ms)
	_must_check_;

/* A day is its midnight by the clocks of the town, whose zone is to be set before. text NULL: the option was not given. */
int option_date(struct context *x, const char *text, int64_t otherwise, int64_t *ret) _must_check_;

/* _w(x, "texte"): the sentence in the reader's language. */
#define _w(x, french) words((x)->lang, french)

/* Configuration, database and store on demand. Each returns 0 or the exit code, after saying what is wrong. */
int need_config(struct context *x) _must_check_;
/* restored.c: that this state is a restored backup, and what that leaves to do; else nothing. Appended. */
void restored_put(const struct config *c, enum words_lang lang, struct buf *out);
/* … the mark by which a copy in this folder will be known. */
int restored_mark(const struct config *c, const char *copy, struct error *e) _must_check_;
/* config_load(), and when that fails all else that is wrong in the file as well, in its order. */
int settings_load(const char *path, struct config *ret, struct problems *p) _must_check_;
/* The town's clocks, for what works without a configuration: of that where there is one, else as a configuration that names no zone
 * has them. */
int need_zone(struct context *x) _must_check_;
int need_reader(struct context *x) _must_check_;
int need_store(struct context *x) _must_check_;
/* Root goes on as the user to whom the state belongs, for good: store hears nobody else, and no file of root's is
 * left among its own. */
int become_owner(struct context *x) _must_check_;
/* Asks store; 0, or EXIT_PROBLEMS after saying its answer, or EXIT_UNSURE. */
int ask_store(struct context *x, enum request_verb verb, struct slice body, struct buf *reply)
	_must_check_;
/* True when a `tocsin run` holds the run folder. */
bool supervisor_runs(const struct config *c);
void context_release(struct context *x);

/* "tocsin: text" on standard error; returns code. */
int complain(struct context *x, int code, const char *format, ...) _format_(3, 4);
void put_text(struct slice text, FILE *out);
void print_problems(struct context *x, const struct problems *p);
/* The town clock: event time of the database, or the wall. */
int64_t town_clock(struct context *x);

extern const struct command commands[];
extern const size_t n_commands;

int command_run(struct context *x, int argc, char **argv);
int command_status(struct context *x, int argc, char **argv);
int command_queue(struct context *x, int argc, char **argv);
int command_incidents(struct context *x, int argc, char **argv);
int command_incident(struct context *x, int argc, char **argv);
int command_ack(struct context *x, int argc, char **argv);
int command_close(struct context *x, int argc, char **argv);
int command_note(struct context *x, int argc, char **argv);
int command_silence(struct context *x, int argc, char **argv);
int command_decide(struct context *x, int argc, char **argv);
int command_verify(struct context *x, int argc, char **argv);
int command_export(struct context *x, int argc, char **argv);
int command_purge(struct context *x, int argc, char **argv);
int command_backup(struct context *x, int argc, char **argv);
int command_connect(struct context *x, int argc, char **argv);
int command_score(struct context *x, int argc, char **argv);
int command_replay(struct context *x, int argc, char **argv);
int command_exercice(struct context *x, int argc, char **argv);
int command_policy(struct context *x, int argc, char **argv);
int command_trend(struct context *x, int argc, char **argv);
int command_rules(struct context *x, int argc, char **argv);
int command_user(struct context *x, int argc, char **argv);
int command_token(struct context *x, int argc, char **argv);
int command_version(struct context *x, int argc, char **argv);
int command_help(struct context *x, int argc, char **argv);
#endif
