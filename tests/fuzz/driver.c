/* SPDX-License-Identifier: GPL-3.0-or-later
 * Replays inputs through a fuzz harness without a fuzzer: replay-NAME FILE-OR-FOLDER…
 * Each input is also tried cut after each of its first bytes and with each of them changed, which costs
 * little and finds much. Speaks TAP; a harness that finds a fault aborts. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { BIGGEST = 8 << 20, VARIED = 512 };

static int tests;

/* A copy of exactly n bytes, so that AddressSanitizer sees one read too many. */
static void once(const uint8_t *data, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);
	if (!copy)
		abort();
	memcpy(copy, data, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static void vary(uint8_t *data, size_t n)
{
	static const uint8_t others[] = {0x00, '"', '\\', '\t', '{', 0x80, 0xFF};
	for (size_t i = 0; i < n && i < VARIED; i++) {
		uint8_t old = data[i];
		once(data, i);
		for (size_t j = 0; j < sizeof(others); j++) {
			data[i] = others[j];
			once(data, n);
		}
		data[i] = old;
	}
}

static int replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = malloc(BIGGEST);
	if (!f || !data) {
		printf("not ok %d - %s cannot be read\n", ++tests, path);
		return 1;
	}
	size_t n = fread(data, 1, BIGGEST, f);
	fclose(f);
	once(data, n);
	if (n <= (size_t)4 * VARIED)
		vary(data, n);
	free(data);
	const char *slash = strrchr(path, '/');
	printf("ok %d - %s\n", ++tests, slash ? slash + 1 : path);
	fflush(stdout);
	return 0;
}

static int visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int replay(const char *path)
{
	struct stat st;
	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return replay_file(path);
	struct dirent **names;
	int faults = 0, n = scandir(path, &names, visible, alphasort);
	for (int i = 0; i < n; i++) {
		char file[4096];
		snprintf(file, sizeof(file), "%s/%s", path, names[i]->d_name);
		faults += replay_file(file);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return faults;
}

int main(int argc, char **argv)
{
	int faults = 0;
	for (int i = 1; i < argc; i++)
		faults += replay(argv[i]);
	if (tests == 0)
		printf("not ok %d - no input\n", ++tests);
	printf("1..%d\n", tests);
	return faults || tests == 0;
}
