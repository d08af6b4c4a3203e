// SPDX-License-Identifier: MIT
/* Archives, lists of mappings, and where files are. */
#include <errno.h>
#include <unistd.h>

#include "test.h"
#include "user/binary.h"
#include "user/maps.h"
#include "user/zip.h"

struct made {
	uint8_t data[4096];
	size_t len, n, directory, directory_len;
	uint8_t entries[1024];
};

static void put(uint8_t *p, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++, value >>= 8)
		p[i] = (uint8_t)value;
}

/* Bytes of a text, which do not end with a NUL in a file. */
static void put_text(uint8_t *p, const char *text)
{
	while (*text)
		*p++ = (uint8_t)*text++;
}

static void add_member(struct made *zip, const char *name, const char *bytes, unsigned int method)
{
	size_t name_len = strlen(name), size = strlen(bytes), at = zip->len;
	uint8_t *local = zip->data + at, *entry = zip->entries + zip->directory_len;

	put_text(local, "PK\3\4");
	put(local + 26, 2, name_len);
	put(local + 28, 2, 5); /* padding, as zipalign makes it */
	put_text(local + 30, name);
	put_text(local + 30 + name_len + 5, bytes);
	zip->len += 30 + name_len + 5 + size;
	put_text(entry, "PK\1\2");
	put(entry + 10, 2, method);
	put(entry + 20, 4, size);
	put(entry + 24, 4, method ? size * 2 : size);
	put(entry + 28, 2, name_len);
	put(entry + 42, 4, at);
	put_text(entry + 46, name);
	zip->directory_len += 46 + name_len;
	zip->n++;
}

static void finish(struct made *zip, const char *comment)
{
	uint8_t *end;

	zip->directory = zip->len;
	memcpy(zip->data + zip->len, zip->entries, zip->directory_len);
	zip->len += zip->directory_len;
	end = zip->data + zip->len;
	put_text(end, "PK\5\6");
	put(end + 10, 2, zip->n);
	put(end + 16, 4, zip->directory);
	put(end + 20, 2, strlen(comment));
	put_text(end + 22, comment);
	zip->len += 22 + strlen(comment);
}

static struct made zip;

static void make(void)
{
	zip = (struct made){ 0 };
	add_member(&zip, "res/text.xml", "<xml/>", 0);
	add_member(&zip, "lib/x86_64/libx.so", "ELF bytes", 0);
	add_member(&zip, "classes.dex", "packed", 8);
	finish(&zip, "a comment with PK\5\6 in it");
}

static void refuse(const struct made *from, const char *name, int code, const char *says)
{
	struct skep_error err = { 0 };
	size_t offset, size;

	assert_int_equal(skep_zip_find(from->data, from->len, "a.apk", name, &offset, &size, &err),
			 -code);
	assert_error_says(&err, says);
}

static void members_of_archives_are_found(void **state)
{
	struct skep_error err = { 0 };
	size_t offset, size;

	(void)state;
	make();
	assert_ok(!skep_zip_find(zip.data, zip.len, "a.apk", "lib/x86_64/libx.so", &offset, &size,
				 &err),
		  &err);
	assert_int_equal(size, 9);
	assert_memory_equal(zip.data + offset, "ELF bytes", 9);
}

static void members_that_cannot_be_probed_are_told(void **state)
{
	struct made bad;

	(void)state;
	make();
	refuse(&zip, "classes.dex", ENOTSUP, "'classes.dex' is compressed");
	refuse(&zip, "lib/x86_64/liby.so", ENOENT, "has no member 'lib/x86_64/liby.so'");
	bad = zip;
	bad.len = 10;
	refuse(&bad, "x", EINVAL, "too short");
	bad.len = zip.directory;
	refuse(&bad, "x", EINVAL, "no zip archive, or cut off");
	bad = zip;
	put(bad.data + zip.directory + zip.directory_len + 16, 4, zip.len - 30);
	refuse(&bad, "x", EINVAL, "damaged directory");
	put(bad.data + zip.directory + zip.directory_len + 16, 4, UINT32_MAX);
	refuse(&bad, "x", ENOTSUP, "zip64");
	bad = zip;
	put(bad.data + zip.directory + 42, 4, zip.len - 4);
	refuse(&bad, "res/text.xml", EINVAL, "whose header is missing");
	bad = zip;
	put(bad.data + zip.directory + 20, 4, 1 << 20);
	put(bad.data + zip.directory + 24, 4, 1 << 20);
	refuse(&bad, "res/text.xml", EINVAL, "cut off");
}

static void any_byte_of_an_archive_may_be_wrong(void **state)
{
	size_t offset, size;

	(void)state;
	make();
	for (size_t at = 0; at < zip.len; at++)
		for (unsigned int value = 0; value < 256; value += 51) {
			struct made bad = zip;
			uint8_t *copy = malloc(bad.len);

			assert_non_null(copy);
			bad.data[at] = (uint8_t)value;
			memcpy(copy, bad.data, bad.len);
			if (!skep_zip_find(copy, bad.len, "a.apk", "lib/x86_64/libx.so", &offset,
					   &size, NULL))
				assert_true(offset <= bad.len && size <= bad.len - offset);
			free(copy);
		}
}

static void lines_of_maps_are_read(void **state)
{
	struct skep_mapping m;

	(void)state;
	assert_true(skep_maps_parse("7f0000001000-7f0000002000 r-xp 00003000 fe:01 1234"
				    "                       /usr/lib/lib c.so.6 (deleted)",
				    &m));
	assert_int_equal(m.start, 0x7f0000001000);
	assert_int_equal(m.end, 0x7f0000002000);
	assert_int_equal(m.offset, 0x3000);
	assert_string_equal(m.mode, "r-xp");
	assert_string_equal(m.path, "/usr/lib/lib c.so.6");
	assert_true(skep_maps_parse("1000-2000 rw-p 00000000 00:00 0 ", &m));
	assert_string_equal(m.path, "");
	assert_true(skep_maps_parse("1000-2000 rw-p 00000000 00:00 0                  [heap]", &m));
	assert_string_equal(m.path, "[heap]");
	assert_false(skep_maps_parse("1000-2000 rw-p", &m));
	assert_false(skep_maps_parse("", &m));
	assert_false(skep_maps_parse("no map at all", &m));
}

static void programs_and_libraries_are_searched(void **state)
{
	struct skep_error err = { 0 };
	char dir[] = "/tmp/skep-find-XXXXXX", file[64], path[PATH_MAX];
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/libfound.so.3", dir);
	f = fopen(file, "w");
	assert_non_null(f);
	fclose(f);
	setenv("LD_LIBRARY_PATH", dir, 1);
	assert_ok(!skep_binary_find("libfound.so.3", 0, path, &err), &err);
	assert_string_equal(path, file);
	unsetenv("LD_LIBRARY_PATH");
	assert_int_equal(skep_binary_find("libfound.so.3", 0, path, &err), -ENOENT);
	assert_error_says(&err, "no library 'libfound.so.3'");
	assert_int_equal(skep_binary_find("no-such-program", 0, path, &err), -ENOENT);
	assert_error_says(&err, "no program 'no-such-program' in PATH");
	assert_int_equal(skep_binary_find("./no-such-file", 0, path, &err), -ENOENT);
	assert_error_says(&err, "counts from the working directory");
	assert_int_equal(skep_binary_find("", 0, path, &err), -EINVAL);
	unlink(file);
	rmdir(dir);
}

static void binaries_that_cannot_be_read_are_told(void **state)
{
	static struct skep_binary binary;
	struct skep_error err = { 0 };

	(void)state;
	assert_int_equal(skep_binary_open(&binary, "/", 0, &err), -EINVAL);
	assert_error_says(&err, "'/' is no file of bytes");
	assert_int_equal(skep_binary_open(&binary, "/proc/self/comm", 0, &err), -ENOEXEC);
	assert_error_says(&err, "is empty");
	assert_int_equal(skep_binary_open(&binary, "/bin/sh", INT_MAX, &err), -ESRCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_of_archives_are_found),
		cmocka_unit_test(members_that_cannot_be_probed_are_told),
		cmocka_unit_test(any_byte_of_an_archive_may_be_wrong),
		cmocka_unit_test(lines_of_maps_are_read),
		cmocka_unit_test(programs_and_libraries_are_searched),
		cmocka_unit_test(binaries_that_cannot_be_read_are_told),
	};

	return cmocka_run_group_tests_name("user_find", tests, NULL, NULL);
}
