/* SPDX-License-Identifier: GPL-3.0-or-later
 * The skeleton of every process: options, configuration, signals, log lines, metrics, exit.
 * Exit codes: 0 done, 1 fault, 2 misuse, 75 (EX_TEMPFAIL) try again later (the supervisor backs off). */
#ifndef TOCSIN_SERVICE_SERVICE_H
#define TOCSIN_SERVICE_SERVICE_H
#include <tocsin/base/error.h>
#include <tocsin/service/config.h>

enum log_level { LOG_DEBUG_, LOG_INFO_, LOG_WARNING_, LOG_ERROR_ };

struct service {
	const char *name; /* "tocsin-ingest", or "tocsin-connect.facebook" */
	struct config config;
	int signal_fd; /* readable after SIGTERM or SIGINT (stop) or SIGHUP (reload); -1 before service_start */
	int argc; /* what is left after the options */
	char **argv;
	struct service_private *private_;
};

/* Parses --config FILE, --instance NAME, --log LEVEL, --help (prints `manual`), --version; reads the configuration
 * (all problems printed); blocks the signals and opens signal_fd; ignores SIGPIPE; sets the zone, umask 077.
 * Options end at the first word that is none, or at "--"; the words behind are left in argv. Without --config the
 * file is config_find's.
 * --help and --version print and exit. Else returns 0, or the exit code to leave with as a positive number. */
int service_start(struct service *s, const char *name, const char *manual, int argc, char **argv)
	_must_check_;
void service_end(struct service *s);
/* The --instance given, or NULL. */
const char *service_instance(const struct service *s);
const char *service_version(void);
/* Tells the supervisor (a byte on descriptor TOCSIN_READY_FD) and systemd (sd_notify READY=1) that we work. */
void service_ready(struct service *s);
/* Tells the supervisor that something outside keeps us from working yet: nobody waits for us. service_ready follows. */
void service_waits(struct service *s);
/* A line for systemd ("STATUS=…", "WATCHDOG=1"); nothing without NOTIFY_SOCKET. */
void service_notify(const char *state);
/* How often systemd wants WATCHDOG=1: half its limit in ms, or 0 (never). */
int64_t service_watchdog_ms(void);
enum service_signal { SERVICE_NONE, SERVICE_STOP, SERVICE_RELOAD, SERVICE_CHILD };
/* The next signal that waits. SERVICE_CHILD only after service_watch_children. */
enum service_signal service_signal_read(struct service *s);
/* SIGCHLD comes over signal_fd too. */
int service_watch_children(struct service *s) _must_check_;

/* One line an event on standard error: "tocsin-score: warning: …". Text from outside goes through %s only after
 * log_quote. To the journal of systemd a line says its priority in front (sd-daemon(3)). No comment text, author or
 * secret at info or above. */
void service_log(struct service *s, enum log_level level, const char *format, ...) _format_(3, 4);
/* Escaped, quoted, at most 120 bytes; the result lives until the 4th next call. */
const char *log_quote(struct service *s, struct slice text);

/* Metrics: numbers under names, written at most twice a second by service_metrics_flush (call it once a second) into
 * <run_dir>/metrics/<name>.prom (Prometheus text format), read by `tocsin status`. labels: "source=\"x\"" or NULL.
 * Every file begins with process_pid, process_started_seconds and process_written_seconds. "tocsin_" is put before
 * each name. Names that `tocsin status` and `tocsin run --until-done` read:
 *   ingest   ingest_accepted_total, ingest_waiting (comments in the journal); by label source="id":
 *            source_accepted_total, source_refused_total, source_last_seconds (wall clock of the last PUT)
 *            ingest_scrub_pending (1 while a purge has not reached the journal yet)
 *   score    score_scored_total
 *   store    store_committed_total (comments), store_seq
 *   trend    trend_seq, trend_minute_seconds (start of the last closed minute, event time)
 *   search   search_seq, search_purge (number of the last purge that search.db has followed)
 *   escalate escalate_clock_seconds (town clock up to which everything due is in the outbox), escalate_pending
 *   connect  source_last_seconds{source="id"} (last sign of life of the source itself), source_error (0 or 1); of a polled
 *            source connect_looks_total, connect_looks_failed_total, source_quota_reset_seconds (its quota is used up until then, or 0) and, of one
 *            with a quota of its own, source_quota_left */
void service_metric_set(struct service *s, const char *name, const char *labels, double v);
void service_metric_add(struct service *s, const char *name, const char *labels, double v);
void service_metrics_flush(struct service *s);
#endif
