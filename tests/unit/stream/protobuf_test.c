// SPDX-License-Identifier: MIT
#include "test.h"

#include <errno.h>

#include "stream/net/otlp_message.h"

static struct skep_text text;

static int reset(void **state)
{
	(void)state;
	skep_text_free(&text);
	return 0;
}

static void expect_bytes(const char *bytes, size_t len)
{
	assert_int_equal(text.len, len);
	assert_memory_equal(text.data, bytes, len);
	skep_text_reset(&text);
}

#define EXPECT(bytes) expect_bytes("" bytes, sizeof(bytes) - 1)

static void fields_are_encoded_the_same_everywhere(void **state)
{
	(void)state;
	skep_pb_varint(&text, 1, 150);
	EXPECT("\x08\x96\x01");
	skep_pb_varint(&text, 3, (uint64_t)-2);
	EXPECT("\x18\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01");
	skep_pb_fixed64(&text, 11, 0x0102030405060708);
	EXPECT("\x59\x08\x07\x06\x05\x04\x03\x02\x01");
	skep_pb_double(&text, 4, 1.5);
	EXPECT("\x21\0\0\0\0\0\0\xf8\x3f");
	skep_pb_bytes(&text, 16, "ab", 2);
	EXPECT("\x82\x01\x02"
	       "ab");
	skep_pb_string(&text, 2, "a\xff", 2);
	EXPECT("\x12\x04"
	       "a\xef\xbf\xbd");
}

static void messages_have_their_length_in_front(void **state)
{
	char long_name[300];
	size_t outer, inner;

	(void)state;
	memset(long_name, 'x', sizeof(long_name));
	outer = skep_pb_begin(&text, 1);
	inner = skep_pb_begin(&text, 2);
	skep_pb_string(&text, 1, long_name, sizeof(long_name));
	skep_pb_end(&text, inner);
	skep_pb_varint(&text, 3, 1);
	skep_pb_end(&text, outer);
	assert_int_equal(text.len, 3 + 3 + 3 + 300 + 2);
	assert_memory_equal(text.data, "\x0a\xb4\x02\x12\xaf\x02\x0a\xac\x02xxx", 12);
	assert_memory_equal(text.data + text.len - 3, "x\x18\x01", 3);
}

static void damaged_messages_end(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} damaged[] = {
		{ "\x08", 1 },	     /* no value */
		{ "\x0a\x05xx", 4 }, /* longer than what is there */
		{ "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11 }, /* far longer */
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11 }, /* a tag of 77 bits */
		{ "\x0b", 1 },						/* a group */
		{ "\x09\x01\x02", 3 },					/* half a number */
	};
	struct skep_error why = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		const uint8_t *at = (const uint8_t *)damaged[i].bytes;
		struct skep_pb_field field;

		assert_false(skep_pb_read(&at, at + damaged[i].len, &field));
		assert_int_equal(skep_otlp_rejected(damaged[i].bytes, damaged[i].len, &why), 0);
	}
}

static void rejections_are_read(void **state)
{
	struct skep_error why = { 0 };

	(void)state;
	assert_int_equal(skep_otlp_rejected("", 0, &why), 0);
	assert_int_equal(skep_otlp_rejected("\x0a\x07\x08\x05\x12\x03no\x1b", 9, &why), 5);
	assert_error_says(&why, "it says: no\\x1b");
	/* Fewer than none. */
	assert_int_equal(skep_otlp_rejected("\x0a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
					    13, &why),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(fields_are_encoded_the_same_everywhere, reset),
		cmocka_unit_test_setup(messages_have_their_length_in_front, reset),
		cmocka_unit_test_setup_teardown(damaged_messages_end, reset, reset),
		cmocka_unit_test(rejections_are_read),
	};

	return cmocka_run_group_tests_name("stream_protobuf", tests, NULL, NULL);
}
