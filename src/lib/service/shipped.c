/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rules that come with tocsin: installed, or those of the tree that this program was built in. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <tocsin/service/config.h>
#include <unistd.h>

/* BUILD/src/PROCESS/PROGRAM → BUILD; false: not so. */
static bool build_folder(char self[static PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", self, PATH_MAX - 1);
	if (n <= 0)
		return false;
	self[n] = 0;
	for (int i = 0; i < 3; i++) {
		char *slash = strrchr(self, '/');
		if (!slash || (i == 2 && strcmp(slash, "/src") != 0))
			return false;
		*slash = 0;
	}
	return true;
}

const char *config_shipped_rules(void)
{
	static char found[PATH_MAX + 16];
	char build[PATH_MAX];
	if (build_folder(build)) {
		snprintf(found, sizeof(found), "%s/rules/fr", build);
		if (access(found, F_OK) == 0)
			return found;
	}
	return TOCSIN_RULES_DIR;
}
