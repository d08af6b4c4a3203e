// SPDX-License-Identifier: MIT
/* Members that say what they stand for. */
#include <stdlib.h>
#include <time.h>

#include "support.h"

static void zone_is_utc(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
}

struct value {
	uint32_t type, n;
	const char *tag;
	uint8_t bytes[16];
	uint32_t size;
	const char *json, *text;
};

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define NUMBER4(a, b, c, d) \
	{                   \
		d, c, b, a  \
	}
#define NUMBER8(a, b, c, d, e, f) \
	{                         \
		f, e, d, c, b, a  \
	}
#else
#define NUMBER4(a, b, c, d) \
	{                   \
		a, b, c, d  \
	}
#define NUMBER8(a, b, c, d, e, f)      \
	{                              \
		0, 0, a, b, c, d, e, f \
	}
#endif

static const struct value values[] = {
	{ U32, 0, "ipv4", { 192, 0, 2, 1 }, 4, "\"192.0.2.1\"", "192.0.2.1" },
	{ U8, 4, "ipv4", { 192, 0, 2, 1 }, 4, "\"192.0.2.1\"", "192.0.2.1" },
	{ U32,
	  2,
	  "ipv4",
	  { 10, 0, 0, 1, 10, 0, 0, 2 },
	  8,
	  "[\"10.0.0.1\",\"10.0.0.2\"]",
	  "[\"10.0.0.1\",\"10.0.0.2\"]" },
	{ U8, 16, "ipv6", { 0x20, 1, 0xd, 0xb8, [15] = 1 }, 16, "\"2001:db8::1\"", "2001:db8::1" },
	{ U128, 0, "ipv6", { [15] = 1 }, 16, "\"::1\"", "::1" },
	{ U32, 0, "ip", { 127, 0, 0, 1 }, 4, "\"127.0.0.1\"", "127.0.0.1" },
	{ U64,
	  2,
	  "ip",
	  { [10] = 255, 255, 192, 0, 2, 1 },
	  16,
	  "\"::ffff:192.0.2.1\"",
	  "::ffff:192.0.2.1" },
	{ U8,
	  6,
	  "mac",
	  { 10, 27, 44, 61, 78, 95 },
	  6,
	  "\"0a:1b:2c:3d:4e:5f\"",
	  "0a:1b:2c:3d:4e:5f" },
	{ U16, 0, "port", { 0x1f, 0x90 }, 2, "8080", "8080" },
	{ U64, 0, "wall_time", NUMBER8(0, 0, 0x3b, 0x9a, 0xca, 0x01), 8,
	  "\"1970-01-01T00:00:01.000000001Z\"", "00:00:01.000000" },
	{ U64, 0, "duration", NUMBER8(0, 0, 0, 0x16, 0xe3, 0x60), 8, "1500000", "1.500 ms" },
	{ S32, 0, "duration", NUMBER4(255, 255, 255, 254), 4, "-2", "-2 ns" },
	{ S32, 0, "errno", NUMBER4(255, 255, 255, 254), 4, "\"ENOENT\"", "ENOENT" },
	{ U32, 0, "errno", NUMBER4(255, 255, 255, 254), 4, "\"ENOENT\"", "ENOENT" },
	{ S32, 0, "errno", NUMBER4(0, 0, 0, 0), 4, "0", "0" },
	{ S32, 0, "signal", NUMBER4(0, 0, 0, 9), 4, "\"SIGKILL\"", "SIGKILL" },
	{ S32, 0, "signal", NUMBER4(0, 0, 0, 40), 4, "40", "40" },
	{ U64, 0, "bytes", NUMBER8(0, 0, 0, 0, 0x18, 0), 8, "6144", "6.0 KiB" },
	{ U32, 0, "hex", NUMBER4(0, 0, 0xbe, 0xef), 4, "\"0xbeef\"", "0xbeef" },
	{ U32, 0, "octal", NUMBER4(0, 0, 1, 0xa4), 4, "\"0644\"", "0644" },
};

static struct skep_schema *schema_of(const struct value *v)
{
	struct skep_error err = { 0 };
	struct skep_schema *schema;
	char text[32];

	snprintf(text, sizeof(text), "skep:%s", v->tag);
	schema = try_one(v->type, v->size, v->n, text, &err);
	assert_ok(schema, &err);
	return schema;
}

static void values_are_written_as_what_they_stand_for(void **state)
{
	(void)state;
	zone_is_utc();
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const struct value *v = &values[i];
		struct skep_schema *schema = schema_of(v);
		const char *shown;
		char expected[128];

		snprintf(expected, sizeof(expected), "{\"x\":%s}", v->json);
		assert_string_equal(json(schema, v->bytes, v->size), expected);
		shown = columns(schema, v->bytes, v->size);
		shown += strspn(shown, " ");
		snprintf(expected, sizeof(expected), "%s\n", v->text);
		assert_string_equal(shown, expected);
		assert_string_equal(json(schema, v->bytes, v->size - 1), "{\"x\":null}");
		skep_schema_free(schema);
	}
}

/* Of a negative error number the sign is not in its name. */
static bool is_read_back(const struct value *v)
{
	return strcmp(v->json, "\"ENOENT\"") != 0;
}

static void what_was_written_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const struct value *v = &values[i];
		struct skep_schema *schema = schema_of(v);
		struct skep_error err = { 0 };
		uint8_t record[16] = { 0 };
		char text[128];

		snprintf(text, sizeof(text), "{\"x\":%s}", v->json);
		assert_ok(!skep_record_read_json(schema, text, strlen(text), NULL, record, v->size,
						 &err),
			  &err);
		if (is_read_back(v))
			assert_memory_equal(record, v->bytes, v->size);
		else
			assert_string_equal(json(schema, record, v->size), "{\"x\":\"ENOENT\"}");
		skep_schema_free(schema);
	}
}

static void numbers_stand_for_themselves(void **state)
{
	struct skep_error err = { 0 };
	struct skep_schema *schema = try_one(S32, 4, 0, "skep:errno", &err);
	int32_t record = 0;

	(void)state;
	assert_ok(schema, &err);
	assert_ok(!skep_record_read_json(schema, "{\"x\":-13}", 9, NULL, &record, 4, &err), &err);
	assert_int_equal(record, -13);
	assert_ok(!skep_record_read_json(schema, "{\"x\":null}", 10, NULL, &record, 4, &err), &err);
	assert_int_equal(record, -13);
	skep_schema_free(schema);
}

static void wrong_values_are_told_what_is_allowed(void **state)
{
	static const struct {
		uint32_t type, n, size;
		const char *tag, *value, *says;
	} cases[] = {
		{ U32, 0, 4, "skep:ipv4", "\"192.0.2\"", "give an address: \"192.0.2.1\"" },
		{ U32, 0, 4, "skep:ipv4", "12", "give an address: \"192.0.2.1\"" },
		{ U8, 16, 16, "skep:ipv6", "\"192.0.2.1\"", "give an address: \"2001:db8::1\"" },
		{ U8, 6, 6, "skep:mac", "\"0a:1b:2c:3d:4e\"", "give six bytes" },
		{ U8, 6, 6, "skep:mac", "\"0a:1b:2c:3d:4e:5g\"", "give six bytes" },
		{ U16, 0, 2, "skep:port", "65536", "give a number from 0 to 65535" },
		{ U16, 0, 2, "skep:port", "-1", "give a number from 0 to 65535" },
		{ U16, 0, 2, "skep:port", "\"http\"", "give a number from 0 to 65535" },
		{ U64, 0, 8, "skep:time", "\"12:30\"", "2026-01-31T12:30:01Z" },
		{ S32, 0, 4, "skep:errno", "\"ENOWHERE\"", "or a name: \"ENOENT\"" },
		{ S32, 0, 4, "skep:signal", "\"KILL\"", "or a name: \"SIGKILL\"" },
		{ U32, 0, 4, "skep:octal", "\"0999\"", "one in octal" },
		{ U8, 0, 1, "skep:octal", "\"0644\"", "its range is 0 to 255" },
		{ U8, 0, 1, "skep:hex", "\"0x100\"", "its range is 0 to 255" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct skep_error err = { 0 };
		uint8_t record[16] = { 0 };
		char text[64];
		struct skep_schema *schema =
			try_one(cases[i].type, cases[i].size, cases[i].n, cases[i].tag, &err);

		assert_ok(schema, &err);
		snprintf(text, sizeof(text), "{\"x\":%s}", cases[i].value);
		assert_true(skep_record_read_json(schema, text, strlen(text), NULL, record,
						  cases[i].size, &err) < 0);
		assert_error_says(&err, "JSON:1:6");
		assert_error_says(&err, cases[i].says);
		skep_schema_free(schema);
	}
}

static void types_that_cannot_have_a_meaning_are_refused(void **state)
{
	static const struct {
		uint32_t type, n, size;
		const char *tag, *says;
	} cases[] = {
		{ U64, 0, 8, "skep:ipv4", "cannot be an IPv4 address, which has 4 bytes" },
		{ U64, 3, 24, "skep:ipv6", "cannot be an IPv6 address, which has 16 bytes" },
		{ CHAR, 5, 5, "skep:mac", "cannot be a MAC address" },
		{ U32, 0, 4, "skep:port", "cannot be a port in network order" },
		{ DOUBLE, 0, 8, "skep:time", "a time is an integer" },
		{ U128, 0, 16, "skep:bytes", "a number of bytes is an integer" },
		{ BOOL, 0, 1, "skep:hex", "only an integer is shown in hexadecimal" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct skep_error err = { 0 };

		assert_null(try_one(cases[i].type, cases[i].size, cases[i].n, cases[i].tag, &err));
		assert_int_equal(err.code, EINVAL);
		assert_error_says(&err, "member 'x'");
		assert_error_says(&err, cases[i].says);
	}
}

/* From a newer skep, or from somebody else. */
static void tags_that_are_unknown_are_left_alone(void **state)
{
	static const char *const tags[] = {
		"skep:phase_of_moon", "skep:",	     "user",
		"skep:ipv4 ",	      "skep:width=", "skep:width=65535"
	};
	uint32_t record = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		struct skep_error err = { 0 };
		struct skep_schema *schema = try_one(U32, 4, 0, tags[i], &err);

		assert_ok(schema, &err);
		assert_string_equal(json(schema, &record, sizeof(record)), "{\"x\":7}");
		skep_schema_free(schema);
	}
}

static void typedefs_hand_their_meaning_on(void **state)
{
	static const uint8_t record[] = { 10, 0, 0, 1, 10, 0, 0, 2, 10, 0, 0, 3, 0, 0, 0, 0 };
	struct skep_btf_builder *b = new_types();
	struct skep_error err = { 0 };
	struct skep_schema *schema;
	uint32_t address, list, one;

	(void)state;
	address = (uint32_t)skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "address", U32);
	tag(b, address, -1, "skep:ipv4");
	list = (uint32_t)skep_btf_builder_array(b, address, U32, 2);
	one = (uint32_t)skep_btf_builder_composite(b, BTF_KIND_STRUCT, "one", 16);
	skep_btf_builder_member(b, "from", address, 0, 0);
	skep_btf_builder_member(b, "list", list, 32, 0);
	skep_btf_builder_member(b, "n", address, 96, 0);
	tag(b, one, 2, "skep:hex");
	schema = try_type(b, one, &err);
	assert_ok(schema, &err);
	assert_string_equal(json(schema, record, sizeof(record)),
			    "{\"from\":\"10.0.0.1\",\"list\":[\"10.0.0.2\",\"10.0.0.3\"],"
			    "\"n\":\"0x0\"}");
	skep_schema_free(schema);
}

static void columns_are_hidden_and_wide_on_request(void **state)
{
	static const uint8_t record[12] = { 0 };
	struct skep_btf_builder *b = new_types();
	struct skep_text header = { 0 };
	struct skep_error err = { 0 };
	struct skep_schema *schema;
	uint32_t one;

	(void)state;
	one = (uint32_t)skep_btf_builder_composite(b, BTF_KIND_STRUCT, "one", 12);
	skep_btf_builder_member(b, "shown", U32, 0, 0);
	skep_btf_builder_member(b, "secret", U32, 32, 0);
	skep_btf_builder_member(b, "wide", U32, 64, 0);
	tag(b, one, 1, "skep:hidden");
	tag(b, one, 2, "skep:width=12");
	tag(b, one, 0, "skep:left");
	schema = try_type(b, one, &err);
	assert_ok(schema, &err);
	skep_schema_write_header(schema, &header);
	assert_string_equal(skep_text_string(&header), "SHOWN           WIDE\n");
	skep_text_free(&header);
	assert_int_equal(skep_schema_n_columns(schema), 2);
	assert_string_equal(json(schema, record, sizeof(record)),
			    "{\"shown\":0,\"secret\":0,\"wide\":0}");
	skep_schema_free(schema);
}

/* Of the clock that counts from the start of the machine: a moment ago, in this year. */
static void times_of_the_kernel_are_times_of_the_day(void **state)
{
	static const struct {
		const char *tag;
		clockid_t clock;
	} cases[] = { { "skep:time", CLOCK_MONOTONIC }, { "skep:boot_time", CLOCK_BOOTTIME } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct skep_error err = { 0 };
		struct skep_schema *schema = try_one(U64, 8, 0, cases[i].tag, &err);
		struct timespec now, real;
		char expected[32];
		uint64_t value, again = 0;
		time_t seconds;

		assert_ok(schema, &err);
		clock_gettime(cases[i].clock, &now);
		clock_gettime(CLOCK_REALTIME, &real);
		/* In the middle of a second, so that a moment more or less does not matter. */
		value = now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec -
			(uint64_t)real.tv_nsec + 500000000;
		seconds = real.tv_sec;
		strftime(expected, sizeof(expected), "{\"x\":\"%Y-%m-%dT%H:%M:%S.",
			 gmtime(&seconds));
		assert_memory_equal(json(schema, &value, sizeof(value)), expected,
				    strlen(expected));
		/* And the same time is read as it was written. */
		assert_ok(!skep_record_read_json(schema, line, strlen(line), NULL, &again,
						 sizeof(again), &err),
			  &err);
		assert_true(again == value);
		skep_schema_free(schema);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_written_as_what_they_stand_for),
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(numbers_stand_for_themselves),
		cmocka_unit_test(wrong_values_are_told_what_is_allowed),
		cmocka_unit_test(types_that_cannot_have_a_meaning_are_refused),
		cmocka_unit_test(tags_that_are_unknown_are_left_alone),
		cmocka_unit_test(typedefs_hand_their_meaning_on),
		cmocka_unit_test(columns_are_hidden_and_wide_on_request),
		cmocka_unit_test(times_of_the_kernel_are_times_of_the_day),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
