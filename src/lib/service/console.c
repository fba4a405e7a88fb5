/* SPDX-License-Identifier: GPL-3.0-or-later
 * The section « console: »: where it listens, what it is called, and the proxy that says who comes. */
#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/un.h>
#include "private.h"

#define N(a) (sizeof(a) / sizeof(*(a)))

static const struct yaml_key console_keys[] = {{"listen", "écoute"}, {"public", "adresse_publique"},
	{"proxy", "mandataire"}, {"second_regard", NULL}, {"register_public", "registre_public"},
	{"accessibility", "accessibilité"}};
static const struct yaml_key proxy_keys[] = {{"socket", "prise"}, {"users", "utilisateurs"},
	{"header", "en-tête"}, {"logout", "déconnexion"}};

/* What may be true is not hidden by one person alone. */
static char **usual_second_regard(struct config *c)
{
	static const char *const ids[] = {"diffamation"};
	struct arena *a = &c->private_->arena;
	char **list = arena_zero(a, (N(ids) + 1) * sizeof(*list));
	for (size_t i = 0; i < N(ids); i++)
		list[i] = arena_string(a, slice_of(ids[i]));
	return list;
}

static void read_second_regard(struct section *console)
{
	struct config *c = console->c;
	const struct yaml_node *second = section_get(console, "second_regard");
	c->console.second_regard = usual_second_regard(c);
	if (second && second->type == YAML_LIST && second->n == 0)
		c->console.second_regard = NULL;
	else
		section_words(console, "second_regard",
			"second_regard: [diffamation, facebook/conseillere.blin]",
			"des catégories, des sujets, des règles ou des comptes ; [] pour aucun",
			&c->console.second_regard);
}

/* --- the proxy */

static void read_users(const struct section *proxy)
{
	struct config *c = proxy->c;
	const struct yaml_node *list = section_get(proxy, "users");
	if (!list || list->type != YAML_LIST || !list->n) {
		yaml_problem(&c->file, list ? list : proxy->map, proxy->p, "users: [www-data]",
			"il manque « users » : le compte de ce système sous lequel ce serveur tourne");
		return;
	}
	unsigned *ids = arena_zero(&c->private_->arena, list->n * sizeof(*ids));
	for (size_t i = 0; i < list->n; i++) {
		struct slice name;
		if (yaml_string(&c->file, list->items[i], &name, proxy->p) < 0)
			return;
		const struct passwd *user = getpwnam(arena_string(&c->private_->arena, name));
		if (!user)
			yaml_problem(&c->file, list->items[i], proxy->p,
				"« id -un » dit celui d'un programme qui tourne",
				"ce système n'a pas de compte « %.*s »", (int)name.n, name.p);
		else
			ids[i] = user->pw_uid;
	}
	c->console.proxy.users = ids;
	c->console.proxy.n_users = list->n;
}

/* A field's name, as HTTP has it. */
static bool is_token(const char *name)
{
	for (const char *p = name; *p; p++)
		if (!(*p >= 'a' && *p <= 'z') && !(*p >= 'A' && *p <= 'Z') &&
			!(*p >= '0' && *p <= '9') && *p != '-')
			return false;
	return *name && strlen(name) <= 60;
}

/* The browser sends these by itself, or another proxy writes them: they say nothing of who comes. */
static bool is_taken(const char *name)
{
	static const char *const taken[] = {"Host", "Cookie", "Accept", "Accept-Language",
		"User-Agent", "Referer", "Content-Type", "Content-Length", "X-Forwarded-For"};
	for (size_t i = 0; i < N(taken); i++)
		if (strcasecmp(name, taken[i]) == 0)
			return true;
	return false;
}

static void check_socket(const struct section *proxy, const char *path)
{
	const struct sockaddr_un *a = NULL;
	if (!path)
		yaml_problem(&proxy->c->file, proxy->map, proxy->p,
			"socket: /run/tocsin-console/prise", "il manque « socket » : un chemin");
	else if (strlen(path) >= sizeof(a->sun_path))
		yaml_problem(&proxy->c->file, section_get(proxy, "socket"), proxy->p,
			"107 octets au plus", "chemin trop long pour une prise : %s", path);
}

static void read_proxy(struct section *console)
{
	struct config *c = console->c;
	struct section proxy = config_section(console, "proxy", proxy_keys, N(proxy_keys));
	if (!proxy.map)
		return;
	const char *header = "Remote-User";
	section_path(&proxy, "socket", &c->console.proxy.socket);
	section_string(&proxy, "header", &header);
	section_string(&proxy, "logout", &c->console.proxy.logout);
	check_socket(&proxy, c->console.proxy.socket);
	read_users(&proxy);
	if (!is_token(header) || is_taken(header))
		yaml_problem(&c->file, section_get(&proxy, "header"), proxy.p,
			"par exemple Remote-User", "en-tête refusé : %s", header);
	c->console.proxy.header = header;
	const char *logout = c->console.proxy.logout;
	if (logout && strncmp(logout, "https://", 8) != 0)
		yaml_problem(&c->file, section_get(&proxy, "logout"), proxy.p,
			"par exemple https://acces.ville.example/logout", "adresse refusée : %s",
			logout);
}

/* Passwords go over it: only to this machine, where a proxy with a certificate may stand in front. */
void config_read_console(struct section *root)
{
	struct config *c = root->c;
	struct section console = config_section(root, "console", console_keys, N(console_keys));
	if (!console.map)
		return;
	const char *listen = "127.0.0.1:8788";
	section_string(&console, "listen", &listen);
	bool here = strncmp(listen, "127.", 4) == 0 || strncmp(listen, "[::1]:", 6) == 0 ||
		strncmp(listen, "localhost:", 10) == 0;
	if (!config_listen_ok(listen) || !here)
		yaml_problem(&c->file, section_get(&console, "listen"), root->p,
			"par exemple 127.0.0.1:8788 ; pour d'autres postes, un serveur HTTPS devant",
			"une adresse de cette machine est attendue pour la console, reçu : %s",
			listen);
	c->console.listen = listen;
	config_read_public(&console, &c->console.public);
	section_bool(&console, "register_public", &c->console.register_public);
	read_second_regard(&console);
	read_proxy(&console);
	config_read_accessibility(&console);
}

void config_console_address(const struct config *c, struct buf *out)
{
	if (c->console.public)
		buf_add_string(out, c->console.public);
	else
		buf_printf(out, "http://%s", c->console.listen);
}
