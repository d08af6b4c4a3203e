// SPDX-License-Identifier: MIT
/* zlib streams as zlib writes them, whole and damaged. */
#include "test.h"

#include <errno.h>

#include "base/inflate.h"

#define LINES                                                \
	"one two one two one two\none two one two one two\n" \
	"one two one two one two\none two one two one two\n"

static const uint8_t stored[] = { 0x78, 0x01, 0x01, 0x04, 0x00, 0xfb, 0xff, 0x73,
				  0x6b, 0x65, 0x70, 0x04, 0x4b, 0x01, 0xb4 };
static const uint8_t packed[] = { 0x78, 0xda, 0xcb, 0xcf, 0x4b, 0x55, 0x28, 0x29,
				  0xcf, 0x57, 0xc8, 0x47, 0xa5, 0xb9, 0xf2, 0xa9,
				  0x24, 0x0e, 0x00, 0x7d, 0xc6, 0x21, 0xf9 };
static const uint8_t empty[] = { 0x78, 0xda, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01 };

static void assert_unpacks(const uint8_t *data, size_t len, const char *text)
{
	struct skep_error err = { 0 };
	void *bytes = NULL;

	assert_ok(skep_zlib_unpack(data, len, 1000, &bytes, &err) == (int64_t)strlen(text), &err);
	if (*text)
		assert_memory_equal(bytes, text, strlen(text));
	free(bytes);
}

static void zlib_streams_are_unpacked(void **state)
{
	(void)state;
	assert_unpacks(stored, sizeof(stored), "skep");
	assert_unpacks(packed, sizeof(packed), LINES);
	assert_unpacks(empty, sizeof(empty), "");
}

static void zlib_damage_of_every_byte_is_seen(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(packed); i++) {
		uint8_t copy[sizeof(packed) + 1];
		void *bytes;

		memcpy(copy, packed, sizeof(packed));
		assert_int_equal(skep_zlib_unpack(copy, i, 1000, &bytes, NULL), -EINVAL);
		copy[i] ^= 0x01;
		assert_true(skep_zlib_unpack(copy, sizeof(packed), 1000, &bytes, NULL) < 0);
		assert_null(bytes);
	}
}

static void zlib_streams_end_where_the_data_ends(void **state)
{
	uint8_t copy[sizeof(packed) + 1] = { 0 };
	struct skep_error err = { 0 };
	void *bytes;

	(void)state;
	memcpy(copy, packed, sizeof(packed));
	assert_int_equal(skep_zlib_unpack(copy, sizeof(copy), 1000, &bytes, &err), -EINVAL);
	assert_error_says(&err, "does not end with its sum");
}

static void zlib_streams_grow_no_further_than_allowed(void **state)
{
	struct skep_error err = { 0 };
	void *bytes;

	(void)state;
	assert_int_equal(skep_zlib_unpack(packed, sizeof(packed), 95, &bytes, &err), -E2BIG);
	assert_error_says(&err, "more than 95 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zlib_streams_are_unpacked),
		cmocka_unit_test(zlib_damage_of_every_byte_is_seen),
		cmocka_unit_test(zlib_streams_end_where_the_data_ends),
		cmocka_unit_test(zlib_streams_grow_no_further_than_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
