/* SPDX-License-Identifier: GPL-3.0-or-later
 * Options, configuration and signals: how every process begins and ends. */
#include <tocsin/service/service.h>
#include <errno.h>
#include <getopt.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include "private.h"

enum { EXIT_MISUSE = 2 };

struct options {
	const char *config, *instance;
	const char *text; /* a descriptor: what was read of config before, by whoever started us */
	enum log_level level;
};

static bool parse_level(const char *text, enum log_level *ret)
{
	static const char *const names[] = {"debug", "info", "warning", "error"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(text, names[i]) == 0) {
			*ret = (enum log_level)i;
			return true;
		}
	return false;
}

/* An instance names files (metrics) and endpoints: a short plain word. */
static bool instance_ok(const char *text)
{
	size_t n = strlen(text);
	if (n == 0 || n > 64 || text[0] == '.')
		return false;
	return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
		n;
}

static int parse_options(
	struct service *s, const char *manual, int argc, char **argv, struct options *o)
{
	static const struct option table[] = {
		{"config", required_argument, NULL, 'c'},
		{"instance", required_argument, NULL, 'i'},
		{"text", required_argument, NULL, 't'},
		{"log", required_argument, NULL, 'l'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{0},
	};
	optind = 0; /* a full restart: parsing may happen again in one process */
	for (int c; (c = getopt_long(argc, argv, "+c:h", table, NULL)) != -1;) {
		switch (c) {
		case 'c': o->config = optarg; break;
		case 'i':
			if (!instance_ok(optarg)) {
				fprintf(stderr, "%s: --instance %s\n", s->name, optarg);
				return EXIT_MISUSE;
			}
			o->instance = optarg;
			break;
		case 't': o->text = optarg; break;
		case 'l':
			if (!parse_level(optarg, &o->level)) {
				fprintf(stderr, "%s: --log debug|info|warning|error\n", s->name);
				return EXIT_MISUSE;
			}
			break;
		case 'h': fputs(manual, stdout); exit(fflush(stdout) ? 1 : 0);
		case 'V': printf("%s %s\n", s->name, TOCSIN_VERSION); exit(fflush(stdout) ? 1 : 0);
		default: return EXIT_MISUSE;
		}
	}
	s->argc = argc - optind;
	s->argv = argv + optind;
	return 0;
}

static int read_given(
	struct service *s, const char *path, const char *descriptor, struct problems *p)
{
	_free_ char *file = xasprintf("/proc/self/fd/%s", descriptor);
	_buf_ struct buf text = {0};
	int r = file_read(file, YAML_MAX, &text, NULL);
	return r < 0 ? r : config_load_text(path, buf_slice(&text), &s->config, p);
}

static int load_config(struct service *s, const char *path, const char *descriptor)
{
	struct problems p = {0};
	int r = descriptor ? read_given(s, path, descriptor, &p)
			   : config_load(path, &s->config, &p);
	if (r < 0) {
		struct buf out = {0};
		enum words_lang lang = words_lang_of(NULL);
		for (size_t i = 0; i < p.n; i++)
			problem_print(&out, &p.list[i], words(lang, "erreur"),
				words(lang, "avertissement"), words(lang, "conseil"));
		fwrite(out.p, 1, out.n, stderr);
		buf_release(&out);
	}
	problems_release(&p);
	if (r == 0 && clock_zone_set(s->config.zone) < 0)
		r = -ENOENT; /* config_load has looked: only a machine that changes under us */
	return r < 0 ? EXIT_MISUSE : 0;
}

static int open_signals(struct service *s)
{
	struct service_private *p = s->private_;
	sigemptyset(&p->watched);
	sigaddset(&p->watched, SIGTERM);
	sigaddset(&p->watched, SIGINT);
	sigaddset(&p->watched, SIGHUP);
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || sigprocmask(SIG_BLOCK, &p->watched, NULL) < 0)
		return -errno;
	s->signal_fd = signalfd(-1, &p->watched, SFD_NONBLOCK | SFD_CLOEXEC);
	return s->signal_fd < 0 ? -errno : 0;
}

int service_start(struct service *s, const char *name, const char *manual, int argc, char **argv)
{
	*s = (struct service){.name = name, .signal_fd = -1};
	struct options o = {.level = LOG_INFO_};
	int r = parse_options(s, manual, argc, argv, &o);
	if (r)
		return r;
	umask(077);
	struct service_private *p = s->private_ = xcalloc(1, sizeof(*p));
	p->name = o.instance ? xasprintf("%s.%s", name, o.instance) : xstrdup(name);
	p->instance = o.instance ? xstrdup(o.instance) : NULL;
	p->level = o.level;
	p->index = map_new();
	p->started_at = clock_now();
	s->name = p->name;
	r = load_config(s, config_find(o.config), o.text);
	if (r == 0 && open_signals(s) < 0) {
		service_log(s, LOG_ERROR_, "signalfd: %s", strerror(errno));
		r = 1;
	}
	if (r)
		service_end(s);
	return r;
}

void service_end(struct service *s)
{
	struct service_private *p = s->private_;
	if (!p)
		return;
	close_fd(&s->signal_fd);
	config_release(&s->config);
	metrics_release(p);
	free(p->instance);
	free(p->name);
	free(p);
	*s = (struct service){.name = "tocsin", .signal_fd = -1};
}

const char *service_version(void)
{
	return TOCSIN_VERSION;
}

const char *service_instance(const struct service *s)
{
	return s->private_->instance;
}

int service_watch_children(struct service *s)
{
	struct service_private *p = s->private_;
	sigaddset(&p->watched, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &p->watched, NULL) < 0 ||
		signalfd(s->signal_fd, &p->watched, SFD_NONBLOCK | SFD_CLOEXEC) < 0)
		return -errno;
	return 0;
}

enum service_signal service_signal_read(struct service *s)
{
	struct signalfd_siginfo info;
	ssize_t n;
	do
		n = read(s->signal_fd, &info, sizeof(info));
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(info))
		return SERVICE_NONE;
	switch (info.ssi_signo) {
	case SIGHUP: return SERVICE_RELOAD;
	case SIGCHLD: return SERVICE_CHILD;
	default: return SERVICE_STOP;
	}
}
