// SPDX-License-Identifier: MIT
/*
 * Runs a fuzz target as a test: over the objects compiled for the tests, over each of them cut
 * short and damaged in ways that are the same in every run, and over the files given as arguments.
 * What crashes here prints its seed, and with a sanitizer its cause.
 */
#include <dirent.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "test.h"

#define ROUNDS	 200 /* damaged copies of each object */
#define MAX_FILE (1 << 20)

static uint64_t seed;

static uint64_t random_number(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* In a block of its own, so that a read beyond its end is seen. */
static void feed(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static void damage(uint8_t *data, size_t len)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
	size_t n = 1 + random_number() % 4;

	while (n--) {
		size_t at = random_number() % len;
		uint64_t how = random_number();

		data[at] = how & 1 ? values[how / 2 % sizeof(values)] : (uint8_t)(how >> 8);
	}
}

static void feed_damaged(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len);

	assert_non_null(copy);
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		seed = round * 0x9e3779b97f4a7c15;
		memcpy(copy, data, len);
		if (round % 4)
			damage(copy, len);
		feed(copy, round % 4 ? len : random_number() % len);
	}
	free(copy);
}

static size_t read_file(const char *path, uint8_t *data)
{
	FILE *f = fopen(path, "r");
	size_t len;

	assert_non_null(f);
	len = fread(data, 1, MAX_FILE, f);
	fclose(f);
	return len;
}

static void each_object(void (*use)(const uint8_t *, size_t))
{
	DIR *dir = opendir(fixture_path(""));
	uint8_t *data = malloc(MAX_FILE);
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(dir);
	assert_non_null(data);
	while ((entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);

		if (len < 3 || (strcmp(entry->d_name + len - 2, ".o") != 0 &&
				strcmp(entry->d_name + len - 3, ".so") != 0))
			continue;
		len = read_file(fixture_path(entry->d_name), data);
		if (len)
			use(data, len);
		n++;
	}
	free(data);
	closedir(dir);
	assert_true(n > 0);
}

static void TARGET_reads_what_compilers_write(void **state)
{
	(void)state;
	each_object(feed);
}

static void TARGET_survives_damage(void **state)
{
	(void)state;
	each_object(feed_damaged);
}

int main(int argc, char **argv)
{
	static const uint8_t nothing;
	const struct CMUnitTest tests[] = {
		{ TARGET "_reads_what_compilers_write", TARGET_reads_what_compilers_write, NULL,
		  NULL, NULL },
		{ TARGET "_survives_damage", TARGET_survives_damage, NULL, NULL, NULL },
	};

	for (int i = 1; i < argc; i++) {
		uint8_t *data = malloc(MAX_FILE);

		feed(data, read_file(argv[i], data));
		free(data);
	}
	feed(&nothing, 0);
	return argc > 1 ? 0 : cmocka_run_group_tests_name("fuzz", tests, NULL, NULL);
}
