// SPDX-License-Identifier: MIT
/* Tars block by block: what each kind of header means, and what is refused. */
#include "test.h"

#include <errno.h>

#include "package/tar.h"

struct builder {
	uint8_t data[64 * 512];
	size_t len;
};

static void finish(uint8_t *block)
{
	unsigned int sum = 0;

	memset(block + 148, ' ', 8);
	for (int i = 0; i < 512; i++)
		sum += block[i];
	snprintf((char *)block + 148, 8, "%06o", sum);
}

/* A header, changed by @at and @byte, and its content. */
static void add(struct builder *b, const char *name, char type, const char *content, size_t len)
{
	static const char magic[8] = { 'u', 's', 't', 'a', 'r', 0, '0', '0' };
	uint8_t *block = b->data + b->len;

	snprintf((char *)block, 101, "%s", name);
	snprintf((char *)block + 124, 12, "%011o", (unsigned int)len);
	block[156] = (uint8_t)type;
	memcpy(block + 257, magic, sizeof(magic));
	finish(block);
	memcpy(block + 512, content, len);
	b->len += 512 + (len + 511) / 512 * 512;
}

static struct skep_tar open_tar(const struct builder *b)
{
	return (struct skep_tar){ b->data, b->len, 0, 0 };
}

static void assert_refused(const struct builder *b, const char *why)
{
	struct skep_tar tar = open_tar(b);
	struct skep_tar_entry entry;
	struct skep_error err = { 0 };
	int ret;

	while ((ret = skep_tar_next(&tar, &entry, &err)) > 0)
		;
	assert_int_equal(ret, -EINVAL);
	assert_error_says(&err, why);
}

static void tars_are_read_entry_by_entry(void **state)
{
	struct builder b = { 0 };
	struct skep_tar tar;
	struct skep_tar_entry entry;

	(void)state;
	add(&b, "./", '5', "", 0);
	add(&b, "./a//b/", '5', "", 0);
	add(&b, "a/./b/c.json", '0', "{}", 2);
	add(&b, "old/", '\0', "", 0);
	add(&b, "empty", '\0', "", 0);
	b.len += 1024;
	tar = open_tar(&b);
	assert_true(skep_tar_is(b.data, b.len));
	assert_int_equal(skep_tar_next(&tar, &entry, NULL), 1);
	assert_string_equal(entry.path, "a/b");
	assert_true(entry.is_folder);
	assert_int_equal(skep_tar_next(&tar, &entry, NULL), 1);
	assert_string_equal(entry.path, "a/b/c.json");
	assert_int_equal(entry.len, 2);
	assert_memory_equal(entry.data, "{}", 2);
	assert_int_equal(skep_tar_next(&tar, &entry, NULL), 1);
	assert_true(entry.is_folder);
	assert_int_equal(skep_tar_next(&tar, &entry, NULL), 1);
	assert_string_equal(entry.path, "empty");
	assert_int_equal(skep_tar_next(&tar, &entry, NULL), 0);
}

static void long_names_of_pax_and_gnu_are_read(void **state)
{
	char name[201], pax[256];
	struct builder b = { 0 };
	struct skep_tar tar;
	struct skep_tar_entry entry;

	(void)state;
	memset(name, 'n', 200);
	name[200] = '\0';
	snprintf(pax, sizeof(pax), "210 path=%s\n", name);
	assert_int_equal(strlen(pax), 210);
	add(&b, "pax", 'g', "14 mtime=1.50\n", 14);
	add(&b, "pax", 'x', pax, 210);
	add(&b, "short", '0', "1", 1);
	add(&b, "././@LongLink", 'L', name, 201);
	add(&b, "short", '0', "2", 1);
	add(&b, "short", '0', "3", 1);
	add(&b, "pax", 'x', "10 size=2\n", 10);
	add(&b, "sized", '0', "45", 2);
	tar = open_tar(&b);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(skep_tar_next(&tar, &entry, NULL), 1);
		assert_string_equal(entry.path, name);
	}
	assert_int_equal(skep_tar_next(&tar, &entry, NULL), 1);
	assert_string_equal(entry.path, "short");
	assert_int_equal(skep_tar_next(&tar, &entry, NULL), 1);
	assert_int_equal(entry.len, 2);
	assert_int_equal(skep_tar_next(&tar, &entry, NULL), 0);
}

static void prefixes_of_posix_stand_before_names(void **state)
{
	struct builder b = { 0 };
	struct skep_tar tar;
	struct skep_tar_entry entry;

	(void)state;
	add(&b, "name", '0', "", 0);
	memcpy(b.data + 345, "some/folder", 11);
	finish(b.data);
	tar = open_tar(&b);
	assert_int_equal(skep_tar_next(&tar, &entry, NULL), 1);
	assert_string_equal(entry.path, "some/folder/name");
	memcpy(b.data + 257, "ustar  ", 8);
	finish(b.data);
	tar = open_tar(&b);
	assert_int_equal(skep_tar_next(&tar, &entry, NULL), 1);
	assert_string_equal(entry.path, "name");
}

static void tars_with_tricks_are_refused(void **state)
{
	static const struct {
		const char *name;
		char type;
		const char *content, *why;
	} bad[] = {
		{ "../x", '0', "", "leads out" },
		{ "a/..", '5', "", "leads out" },
		{ "/x", '0', "", "at the root" },
		{ "a\nb", '0', "", "control" },
		{ ".", '0', "x", "no name" },
		{ "x", '1', "", "links" },
		{ "x", '2', "", "links" },
		{ "x", '3', "", "devices" },
		{ "x", '4', "", "devices" },
		{ "x", '6', "", "devices" },
		{ "x", 'S', "", "type that is not taken" },
		{ "x", 'K', "", "type that is not taken" },
		{ "x", 'x', "12 path=../x\n", "no list of lines" },
		{ "x", 'x', "13 path=../x\n", "leads out" },
		{ "x", 'x', "11 path=/x\n", "at the root" },
		{ "x", 'x', "99 path=a\n", "no list of lines" },
		{ "x", 'x', "0 path=a\n", "no list of lines" },
		{ "x", 'x', "path=a\n", "no list of lines" },
		{ "x", 'x', "7 path\n", "no value" },
		{ "x", 'x', "12 size=1x3\n", "no number" },
		{ "x", 'x', "30 size=9999999999999999999999\n", "no list of lines" },
		{ "x", 'x', "31 size=9999999999999999999999\n", "no number" },
		{ "x", 'x', "23 GNU.sparse.major=1\n\n", "sparse" },
		{ "x", 'L', "../y", "leads out" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct builder b = { 0 };

		add(&b, bad[i].name, bad[i].type, bad[i].content, strlen(bad[i].content));
		add(&b, "x", '0', "", 0);
		assert_refused(&b, bad[i].why);
	}
}

static void damaged_tars_are_refused(void **state)
{
	struct builder b = { 0 };

	(void)state;
	add(&b, "x", '0', "content", 7);
	for (size_t len = 1; len < b.len; len++) {
		struct skep_tar tar = { b.data, len, 0, 0 };
		struct skep_tar_entry entry;

		/* The content's last block may be short. */
		assert_true(skep_tar_next(&tar, &entry, NULL) == (len < 512 + 7 ? -EINVAL : 1));
	}
	b.data[0] ^= 1;
	assert_refused(&b, "sum of a header");
	assert_false(skep_tar_is(b.data, b.len));
	b.data[0] ^= 1;
	memcpy(b.data + 124, "77777777777", 11);
	finish(b.data);
	assert_refused(&b, "cut off");
	memcpy(b.data + 124, "0000000009x", 11);
	finish(b.data);
	assert_refused(&b, "no octal number");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tars_are_read_entry_by_entry),
		cmocka_unit_test(long_names_of_pax_and_gnu_are_read),
		cmocka_unit_test(prefixes_of_posix_stand_before_names),
		cmocka_unit_test(tars_with_tricks_are_refused),
		cmocka_unit_test(damaged_tars_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
