// SPDX-License-Identifier: MIT
/* Filters: which records they choose. */
#include <time.h>

#include "filter_support.h"

static struct skep_schema *schema;

static int setup(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	schema = filtered_schema();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	skep_schema_free(schema);
	return 0;
}

/* Of just @len bytes, so that a sanitizer sees a read behind its end. */
static bool matches_first(const char *text, const void *record, size_t len)
{
	struct skep_error err = { 0 };
	struct skep_filter *filter = skep_filter_new(schema, text, &err);
	uint8_t *copy = malloc(len ? len : 1);
	bool ret;

	if (!filter) {
		char why[1024];

		skep_error_format(&err, why, sizeof(why));
		fail_msg("%s: %s", text, why);
	}
	if (len)
		memcpy(copy, record, len);
	ret = skep_filter_matches(filter, copy, len);
	free(copy);
	skep_filter_free(filter);
	return ret;
}

static bool matches(const char *text)
{
	return matches_first(text, &filtered_record, sizeof(filtered_record));
}

#define ALL(what, ...)                                                                     \
	do {                                                                               \
		static const char *const texts[] = { __VA_ARGS__ };                        \
		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)              \
			if (matches(texts[i]) != (what))                                   \
				fail_msg("%s is %s", texts[i], (what) ? "false" : "true"); \
	} while (0)

static void numbers_are_compared_in_all_bases(void **state)
{
	(void)state;
	ALL(true, "pid == 4242", "pid==4242", "pid == 0x1092", "pid==010222", "pid != 1",
	    "pid < 4243", "pid <= 4242", "pid > 4241", "pid >= 4242", "ret == -2", "ret < 0",
	    "ret<=-2", "ret > -3", "offset == -7", "offset < -6", "offset >= -9223372036854775808",
	    "offset <= 9223372036854775807", "bytes <= 18446744073709551615", "list[0] == 1",
	    "list[2] > 2", "letter == x", "letter == 120", "letter in ('w', 'x')", "comm[0] == b",
	    "comm[4] == 0");
	ALL(false, "pid == 1", "pid != 4242", "pid < 4242", "pid > 4242", "pid < 0", "ret > -2",
	    "offset < -9223372036854775808", "offset > 9223372036854775807", "ret >= 0",
	    "bytes > 18446744073709551615", "list[1] != 2", "letter == 'y'");
}

static void numbers_of_other_widths_are_compared(void **state)
{
	(void)state;
	ALL(true, "low == 5", "low > 4", "high == -3", "high < 0", "high >= -16", "wide == -5",
	    "wide < 0", "wide > -6", "wide >= -0x7fffffffffffffffffffffffffffffff", "ratio == 0.1",
	    "ratio < 0.2", "mean == 2.5", "mean >= 25e-1", "mean != 2", "mean in (1, 2.5)");
	ALL(false, "low != 5", "low < 5", "high == 3", "high > -3", "wide > 0", "wide == 5",
	    "wide != -5", "ratio > 0.1", "mean < 2.5", "!mean");
}

static void text_is_compared_by_its_bytes(void **state)
{
	(void)state;
	ALL(true, "comm == bash", "comm == \"bash\"", "comm == 'bash'", "comm != bas",
	    "comm != bashx", "comm < bat", "comm <= bash", "comm > bas", "comm >= bash",
	    "comm == \"b\\x61sh\"", "comm in (zsh, bash)", "comm not in (zsh, 'a b')", "comm != ''",
	    "comm > ''");
	ALL(false, "comm == bas", "comm == bashx", "comm != bash", "comm < bash", "comm == ''",
	    "comm in (zsh, bas)", "comm not in (bash)", "comm == 'ba\\nsh'");
}

static void patterns_are_searched_in_text(void **state)
{
	(void)state;
	ALL(true, "comm ~ ^ba", "comm~^ba", "comm ~ sh$", "comm ~ as", "comm ~ ^bash$",
	    "comm ~ ^(zsh|bash)$", "comm ~ b[a-c]+s", "comm ~ ^.{4}$", "comm !~ ^a", "comm !~ ^b$",
	    "comm ~ '^b.sh'", "comm ~ '^b,?a' && pid", "comm ~ \"a|b\"", "comm ~ [,)]|b",
	    "comm ~ \"^b\\\\?a\"", "state ~ EST", "state ~ ^TCP_(EST|NEW)", "state !~ CLOSED|NEW",
	    "level ~ LOW", "(comm~^ba)", "comm ~ ^ba||pid==1", "comm~^ba&&pid==4242",
	    "comm ~ ^ba, pid == 4242", "rest !~ x");
	ALL(false, "comm ~ ^sh", "comm ~ ba$", "comm ~ ^bas$", "comm ~ x", "comm ~ ^.{5}",
	    "comm !~ a", "comm !~ ^bash$", "state ~ NEW", "state !~ EST", "level !~ W", "rest ~ x");
}

static void names_stand_for_numbers(void **state)
{
	(void)state;
	ALL(true, "state == TCP_ESTABLISHED", "state != TCP_CLOSED", "state < TCP_CLOSED",
	    "state in (TCP_NEW, TCP_ESTABLISHED)", "state == 1", "level == LOW", "level < HIGH",
	    "error == ENOENT", "error == -2", "error == -ENOENT", "error in (EPERM, ENOENT)",
	    "error != EPERM", "error not in (EPERM, EAGAIN)", "ret == ENOENT", "ret == -ENOENT",
	    "signal == SIGKILL", "signal == 9", "signal in (SIGTERM, SIGKILL)", "flag == true",
	    "flag != false", "flag == 1", "pid != SIGKILL");
	ALL(false, "state == TCP_NEW", "error != ENOENT", "error == EPERM", "error == 2",
	    "error not in (ENOENT)", "ret != ENOENT", "ret != -ENOENT", "signal != SIGKILL",
	    "flag == false", "level >= HIGH");
}

static void values_have_their_units(void **state)
{
	(void)state;
	ALL(true, "latency > 10ms", "latency == 12.5ms", "latency == 12500us", "latency < 1s",
	    "latency == 12500000", "latency < 1m", "bytes == 8KiB", "bytes == 8K", "bytes < 1M",
	    "bytes == 8192", "pid > 4KiB", "mode == 0644", "mode == 420", "port == 8080",
	    "port in (80, 8080)", "port > 1024", "port < 8081");
	ALL(false, "latency < 10ms", "bytes != 8KiB", "port == 80", "port > 8080", "latency > 1h");
}

static void bits_are_asked_for(void **state)
{
	(void)state;
	ALL(true, "pid & 2", "pid & 0x1000", "pid&6", "mode & 0600", "mode & 0x180 && pid",
	    "low & 4", "!(pid & 4)", "ret & 0x4", "high & -4", "bytes & 8K", "state & TCP_CLOSED");
	ALL(false, "pid & 4", "mode & 0111", "!(pid & 2)", "low & 2", "pid & 4 && pid");
}

static void times_are_compared_with_times(void **state)
{
	(void)state;
	ALL(true, "when == \"1970-01-01T00:00:01.000000001Z\"", "when > 1970-01-01T00:00:01Z",
	    "when < 2026-01-31T12:30:00Z", "when == 1000000001", "when < 00:00",
	    "when < 23:59:59.5");
	ALL(false, "when < 1970-01-01T00:00:01Z", "when > 12:30");
}

static void times_of_today_are_local(void **state)
{
	struct filtered r = filtered_record;
	time_t now = time(NULL), midnight = now - now % 86400;

	(void)state;
	r.when = (uint64_t)midnight * 1000000000 + 45000500000000;
	assert_true(matches_first("when >= 12:30 && when == 12:30:00.5", &r, sizeof(r)));
	setenv("TZ", "XXX-1", 1);
	tzset();
	if ((now + 3600) / 86400 == now / 86400)
		assert_true(matches_first("when == 13:30:00.5", &r, sizeof(r)));
	setenv("TZ", "UTC", 1);
	tzset();
}

static void addresses_are_in_networks(void **state)
{
	(void)state;
	ALL(true, "daddr == 10.1.2.3", "daddr == 10.0.0.0/8", "daddr == 10.1.2.3/32",
	    "daddr == 0.0.0.0/0", "daddr != 192.168.0.0/16", "daddr > 10.1.2.2",
	    "daddr in (127.0.0.1, 10.1.0.0/16)", "daddr not in (127.0.0.0/8)", "from == 192.0.2.1",
	    "from == 192.0.2.0/24", "from == ::ffff:192.0.2.1", "from == ::/0",
	    "from == ::ffff:0:0/96", "from != 2001:db8::/32",
	    "from < 2001:db8::", "mac == 0a:1b:2c:3d:4e:5f", "mac != 0a:1b:2c:3d:4e:60",
	    "daddr && from && mac");
	ALL(false, "daddr == 10.1.2.4", "daddr == 11.0.0.0/8", "daddr != 10.0.0.0/8",
	    "daddr not in (10.0.0.0/8)", "from == 192.0.3.0/24", "from == 2001:db8::/32",
	    "from == ::1", "mac == 0a:1b:2c:3d:4e:60", "daddr > 10.0.0.0/8");
}

static void tests_are_joined_as_they_bind(void **state)
{
	(void)state;
	ALL(true, "pid == 4242 && ret == -2", "pid == 1 || ret == -2", "!(pid == 1)", "!!pid",
	    "not pid == 1", "pid == 4242 and not ret == 1", "pid == 1 or comm == bash",
	    "pid == 4242, comm ~ ^ba", "pid == 4242 || pid == 1 && pid == 2",
	    "pid == 1 && pid == 2 || pid == 4242", "!(pid == 1 || pid == 2)",
	    "!(pid == 4242 && pid == 2)", "!pid || !(ret && !comm)", "( ( pid ) )",
	    "pid==4242,(ret==1||comm==bash)", "pid==1||pid==2||pid==3||pid==4242",
	    "not (pid == 1 or not (comm == bash and ret == -2))", "!pair.a || pair.b == 2",
	    "pairs[1].b == 6", "pairs[0].a<4&&pairs[1].a>4", "\"pid\" == 4242", "'pair'.\"b\" == 2",
	    "pid==4242\t&&\nret");
	ALL(false, "pid == 4242 && ret == 1", "pid == 1 || ret == 1", "!pid", "!(pid)", "!!!pid",
	    "(pid == 4242 || pid == 1) && pid == 2", "pid == 1, comm ~ ^ba",
	    "!(pid == 1 || pid == 4242)", "not pid == 4242 or ret == 1");
}

/* Each combination of three members, against what C makes of it. */
static void jumps_lead_where_the_expression_says(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 8; i++) {
		struct filtered r = { .pid = i & 1, .ret = i & 2, .bytes = i & 4 };
		bool a = r.pid, b = r.ret, c = r.bytes;

#define SAME(text, expression) assert_int_equal(matches_first(text, &r, sizeof(r)), (expression))
		SAME("pid && ret && bytes", a && b && c);
		SAME("pid || ret || bytes", a || b || c);
		SAME("pid || ret && bytes", a || (b && c));
		SAME("pid && ret || bytes", (a && b) || c);
		SAME("(pid || ret) && bytes", (a || b) && c);
		SAME("!(pid || !ret) && !bytes", !(a || !b) && !c);
		SAME("!(pid && !(ret || bytes))", !(a && !(b || c)));
		SAME("!(!pid, !(ret, bytes)) || !(pid || bytes)", !(!a && !(b && c)) || !(a || c));
		SAME("pid && (ret || !bytes) || !pid && (bytes || !ret)",
		     (a && (b || !c)) || (!a && (c || !b)));
#undef SAME
	}
}

static void a_name_alone_is_neither_zero_nor_empty(void **state)
{
	static const struct filtered zero;

	(void)state;
	ALL(true, "pid", "comm", "flag", "letter", "low", "high", "wide", "ratio", "mean", "list",
	    "daddr", "when", "pairs[0].a", "state");
	ALL(false, "!pid", "!comm", "!list");
	assert_true(matches_first("!(pid||comm||flag||low||high||wide||ratio||list||daddr||from)",
				  &zero, sizeof(zero)));
}

static void a_record_that_ends_too_early_has_no_true_comparison(void **state)
{
	size_t end = offsetof(struct filtered, latency);

	(void)state;
	assert_true(matches_first("bytes == 8192", &filtered_record, end));
	assert_false(matches_first("latency == 12500000", &filtered_record, end + 7));
	assert_true(matches_first("latency == 12500000", &filtered_record, end + 8));
	assert_false(matches_first("latency != 1", &filtered_record, end));
	assert_false(matches_first("comm != x", &filtered_record, end));
	assert_false(matches_first("comm !~ x", &filtered_record, end));
	assert_false(matches_first("comm not in (x, y)", &filtered_record, end));
	assert_false(
		matches_first("wide != 1 || mean != 1 || state !~ NEW", &filtered_record, end));
	assert_true(matches_first("!(comm == x) && !comm", &filtered_record, end));
	assert_false(matches_first("pid == 4242", NULL, 0));
}

static void the_last_text_takes_what_is_there(void **state)
{
	struct {
		struct filtered r;
		char more[8];
	} long_one = { .more = "and on" };
	size_t end = offsetof(struct filtered, rest);

	(void)state;
	memcpy((char *)&long_one + end, "and on", 6);
	assert_true(matches_first("rest == \"and on\"", &long_one, end + 6));
	assert_true(matches_first("rest ~ ^and.on$ && rest[2] == d", &long_one, end + 6));
	assert_false(matches_first("rest == \"and on\"", &long_one, end + 5));
	assert_true(matches_first("rest == \"and o\" && rest ~ o$", &long_one, end + 5));
	assert_false(matches_first("rest", &long_one, end));
	assert_false(matches_first("rest[5] == n", &long_one, end + 5));
}

static void a_record_without_members_is_called_value(void **state)
{
	struct skep_schema *kept = schema;
	const uint16_t list[2] = { 3, 4 };
	struct skep_btf_builder *b = new_types();

	(void)state;
	skep_btf_builder_array(b, U16, U32, 2);
	schema = last_type(b);
	assert_true(matches_first("value[1] == 4 && value", list, sizeof(list)));
	assert_false(matches_first("value[0] == 4", list, sizeof(list)));
	skep_schema_free(schema);
	schema = kept;
}

static void names_of_the_machine_stand_for_numbers(void **state)
{
	static const struct {
		const char *tag, *text;
		uint32_t value;
		bool is_true;
	} cases[] = {
		{ "uid", "x == root", 0, true },
		{ "uid", "x == root", 7, false },
		{ "uid", "x in (0, 7)", 7, true },
		{ "gid", "x != root", 7, true },
		{ "mode", "x & 0200", 0644, true },
		{ "mode", "x == -rw-r--r--", 0100644, true },
		{ "open_flags", "x & O_CREAT", 0101, true },
		{ "open_flags", "x & O_EXCL", 0101, false },
		{ "open_flags", "x == 'O_WRONLY|O_CREAT'", 0101, true },
		{ "device", "x == 8:1", 8 << 20 | 1, true },
	};
	struct skep_schema *kept = schema;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct skep_error err = { 0 };
		char tag_text[32];

		snprintf(tag_text, sizeof(tag_text), "skep:%s", cases[i].tag);
		schema = try_one(U32, 4, 0, tag_text, &err);
		assert_ok(schema, &err);
		if (matches_first(cases[i].text, &cases[i].value, 4) != cases[i].is_true)
			fail_msg("%s: %s", cases[i].tag, cases[i].text);
		skep_schema_free(schema);
	}
	schema = kept;
}

static void without_a_filter_each_record_is_wanted(void **state)
{
	(void)state;
	assert_true(skep_filter_matches(NULL, "x", 1));
	skep_filter_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_compared_in_all_bases),
		cmocka_unit_test(numbers_of_other_widths_are_compared),
		cmocka_unit_test(text_is_compared_by_its_bytes),
		cmocka_unit_test(patterns_are_searched_in_text),
		cmocka_unit_test(names_stand_for_numbers),
		cmocka_unit_test(values_have_their_units),
		cmocka_unit_test(bits_are_asked_for),
		cmocka_unit_test(times_are_compared_with_times),
		cmocka_unit_test(times_of_today_are_local),
		cmocka_unit_test(addresses_are_in_networks),
		cmocka_unit_test(tests_are_joined_as_they_bind),
		cmocka_unit_test(jumps_lead_where_the_expression_says),
		cmocka_unit_test(a_name_alone_is_neither_zero_nor_empty),
		cmocka_unit_test(a_record_that_ends_too_early_has_no_true_comparison),
		cmocka_unit_test(the_last_text_takes_what_is_there),
		cmocka_unit_test(a_record_without_members_is_called_value),
		cmocka_unit_test(names_of_the_machine_stand_for_numbers),
		cmocka_unit_test(without_a_filter_each_record_is_wanted),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
