// SPDX-License-Identifier: MIT
/* Tables and records of logs in memory that the test writes, as clang and programs would. */
#include "test.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
#include <time.h>
#include <skep/text.h>

#include "event/log.h"

#define SIZE 4096

struct table {
	_Alignas(8) uint8_t data[SIZE];
	size_t len, last;
};

/* A line with @n arguments of two bytes: kind and size. */
static void add_line(struct table *t, uint64_t id, const char *format,
		     const struct skep_log_arg *args, uint8_t n)
{
	static const char file[] = "unit.bpf.c";
	struct skep_log_site_head head = { .magic = SKEP_LOG_MAGIC,
					   .level = SKEP_LOG_WARN,
					   .n_args = n,
					   .id = id,
					   .line = 41,
					   .bytes = sizeof(struct skep_log_header) };
	uint8_t *at = t->data + t->len;

	for (uint8_t i = 0; i < n; i++)
		head.bytes += ((args[i].size + 7u) & ~7u) +
			      (args[i].kind >= SKEP_LOG_STRING_READ ? 8 : 0);
	head.size = (uint16_t)(sizeof(head) + n * sizeof(*args) + SKEP_LOG_FUNCTION +
			       strlen(format) + 1 + sizeof(file));
	t->last = t->len;
	memcpy(at, &head, sizeof(head));
	at += sizeof(head);
	if (n)
		memcpy(at, args, n * sizeof(*args));
	at += n * sizeof(*args);
	memcpy(at, "on_connect", 11);
	at += SKEP_LOG_FUNCTION;
	memcpy(at, format, strlen(format) + 1);
	memcpy(at + strlen(format) + 1, file, sizeof(file));
	t->len = (t->len + head.size + 7) & ~(size_t)7;
}

static bool fake_symbol(void *ctx, uint64_t address, bool with_offset, struct skep_text *out)
{
	(void)ctx;
	if (address != 0x1010)
		return false;
	skep_text_str(out, with_offset ? "schedule+0x10" : "schedule");
	return true;
}

/* What a line becomes with one value, by the writer alone. */
static void assert_message(const char *format, const struct skep_log_value *values, size_t n,
			   const char *expected)
{
	const struct skep_log_env env = { .realtime = 1000000000, .symbol = fake_symbol };
	struct skep_text text = { 0 };

	skep_log_write_message(format, values, n, &env, &text);
	assert_string_equal(skep_text_string(&text), expected);
	skep_text_free(&text);
}

#define NUMBER(format, value, expected) \
	assert_message((format), &(struct skep_log_value){ .number = (value) }, 1, (expected))
#define BYTES(format, expected, ...)                                                         \
	assert_message(                                                                      \
		(format),                                                                    \
		&(struct skep_log_value){ .bytes = (const uint8_t[]){ __VA_ARGS__ },         \
					  .len = sizeof((const uint8_t[]){ __VA_ARGS__ }) }, \
		1, (expected))

static void integers_are_cut_to_their_conversion(void **state)
{
	(void)state;
	NUMBER("%d", -1, "-1");
	NUMBER("%u", -1, "4294967295");
	NUMBER("%llu", -1, "18446744073709551615");
	NUMBER("%lx", -1, "ffffffffffffffff");
	NUMBER("%hx", -1, "ffff");
	NUMBER("%hhx", -1, "ff");
	NUMBER("%hhd", 200, "-56");
	NUMBER("%hd", 40000, "-25536");
	NUMBER("%zu", 7, "7");
	NUMBER("%#o", 8, "010");
	NUMBER("%X", 0xabc, "ABC");
	NUMBER("%c", 'x', "x");
	NUMBER("[%-4d]", 5, "[5   ]");
	NUMBER("[%04d]", 5, "[0005]");
	NUMBER("[%+.2d]", 5, "[+05]");
	NUMBER("[%3c]", 'x', "[  x]");
}

static void addresses_are_in_the_order_of_the_network(void **state)
{
	(void)state;
	BYTES("%pI4", "10.1.2.3", 10, 1, 2, 3);
	BYTES("%pI6", "fe80::1", 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
	BYTES("%pI6c!", "::ffff:10.1.2.3!", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 2, 3);
	BYTES("%pM", "02:00:5e:00:00:ff", 2, 0, 0x5e, 0, 0, 0xff);
	BYTES("%pP", "443", 1, 0xbb);
}

static void bytes_are_hexadecimal(void **state)
{
	const struct skep_log_value two[] = { { .number = 2 }, { "\1\2\3", 3, 0 } };
	const struct skep_log_value many[] = { { .number = 900 }, { "\1\2\3", 3, 0 } };
	const struct skep_log_value negative[] = { { .number = -1 }, { "\1\2\3", 3, 0 } };

	(void)state;
	BYTES("%ph", "00 ff 10", 0, 0xff, 16);
	BYTES("%phC", "00:ff:10", 0, 0xff, 16);
	BYTES("%phD", "00-ff-10", 0, 0xff, 16);
	BYTES("%phN.", "00ff10.", 0, 0xff, 16);
	assert_message("%*ph", two, 2, "01 02");
	assert_message("%*phN", many, 2, "010203");
	assert_message("<%*ph>", negative, 2, "<>");
}

static void numbers_have_names_and_units(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	NUMBER("%pe", -2, "ENOENT");
	NUMBER("%pe", 13, "EACCES");
	NUMBER("%pe", 0, "0");
	NUMBER("%pe", INT64_MIN, "-9223372036854775808");
	NUMBER("%pt", 999, "999 ns");
	NUMBER("%pt", 1000, "1.000 us");
	NUMBER("%pt", 1234567, "1.234 ms");
	NUMBER("%pt", -61500000000, "-61.500 s");
	NUMBER("%pt", INT64_MIN, "-9223372036.854 s");
	NUMBER("%pT", 3661000042000, "01:01:02.000042");
	NUMBER("%ps", 0x1010, "schedule");
	NUMBER("%pS", 0x1010, "schedule+0x10");
	NUMBER("%pS", 0x999, "0x999");
	NUMBER("%p.", 0xffff888800000000, "0xffff888800000000.");
	NUMBER("[%10ps]", 0x1010, "[  schedule]");
}

static void strings_end_where_they_end(void **state)
{
	const struct skep_log_value failed = { "x", 0, -14 }, unending = { "abcdef", 3, 0 };

	(void)state;
	BYTES("<%s>", "<ab>", 'a', 'b', 0, 'c');
	BYTES("<%.1s>", "<a>", 'a', 'b', 0);
	BYTES("<%-4s>", "<ab  >", 'a', 'b', 0);
	BYTES("%pks%pus", "a", 'a', 0);
	assert_message("%s", &unending, 1, "abc");
	assert_message("%s", &failed, 1, "<EFAULT>");
	assert_message("%*ph", (const struct skep_log_value[]){ { 0 }, failed }, 2, "<EFAULT>");
}

/* The compiler lets none of these through, but what is read here may be anybody's. */
static void formats_that_fit_nothing_do_no_harm(void **state)
{
	static const char *const formats[] = { "%",	      "%%%",	"%s%s%s",   "%pI",
					       "%pI6",	      "%pM%pP", "%*d",	    "%999999999d",
					       "%.99999999x", "%n%f%q", "%lllllld", "%p",
					       "%*ph",	      "%pks",	"%-#0 +d",  "%hhhhhhd",
					       "%5" };

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		const struct skep_log_env env = { 0 };
		const struct skep_log_value value = { "ab", 2, -1 };
		struct skep_text text = { 0 };

		skep_log_write_message(formats[i], &value, 1, &env, &text);
		skep_log_write_message(formats[i], NULL, 0, &env, &text);
		assert_true(text.len < 4000);
		skep_text_free(&text);
	}
	assert_message("%d %d", &(struct skep_log_value){ .number = 1 }, 1, "1 0");
	BYTES("%pI4", "<none>", 1, 2);
}

static void lines_are_found_by_their_numbers(void **state)
{
	static const struct skep_log_arg args[] = { { SKEP_LOG_INT, 0, 8 },
						    { SKEP_LOG_MEMORY, 0, 6 },
						    { SKEP_LOG_BYTES, 0, 3 },
						    { SKEP_LOG_STRING_READ, 0, 10 } };
	struct {
		struct skep_log_header header;
		int64_t number;
		uint8_t mac[8], text[8];
		int64_t ret;
		char read[16];
	} record = {
		.number = -5, .mac = { 1, 2, 3, 4, 5, 6 }, .text = "xyz", .ret = 4, .read = "abcd"
	};
	struct skep_log_table table = { 0 };
	struct skep_log_value values[SKEP_LOG_MAX_ARGS];
	const struct skep_log_site *site;
	struct skep_error err = { 0 };
	struct table t = { 0 };

	(void)state;
	add_line(&t, 9, "nine", NULL, 0);
	add_line(&t, ~0ull, "last", NULL, 0);
	t.len += 16; /* what a linker leaves between them */
	add_line(&t, 3, "%d %pM %s %s", args, 4);
	assert_ok(!skep_log_table_read(&table, t.data, t.len, &err), &err);
	assert_int_equal(table.sites.len, 3);
	assert_null(skep_log_table_find(&table, 4));
	assert_string_equal(skep_log_table_find(&table, ~0ull)->format, "last");
	assert_string_equal(skep_log_table_find(&table, 9)->format, "nine");
	site = skep_log_table_find(&table, 3);
	assert_string_equal(site->file, "unit.bpf.c");
	assert_string_equal(site->function, "on_connect");
	assert_int_equal(site->line, 41);
	assert_int_equal(site->bytes, sizeof(record));
	skep_log_read_values(site, (const uint8_t *)&record, values);
	assert_message(site->format, values, 4, "-5 01:02:03:04:05:06 xyz abcd");
	skep_log_table_free(&table);
}

static void lines_are_of_the_programs_that_refer_to_them(void **state)
{
	struct skep_log_table table = { 0 };
	struct table t = { 0 };
	struct bpf_insn insns[5] = { [1] = { .code = BPF_LD | BPF_IMM | BPF_DW,
					     .src_reg = BPF_PSEUDO_MAP_VALUE,
					     .imm = 7 } };

	(void)state;
	add_line(&t, 1, "one", NULL, 0);
	add_line(&t, 2, "two", NULL, 0);
	assert_int_equal(skep_log_table_read(&table, t.data, t.len, NULL), 0);
	insns[2].imm = 8;
	assert_int_equal(skep_log_table_note(&table, insns, 5, 6, "other_map"), 0);
	assert_string_equal(skep_log_table_find(&table, 1)->program, "");
	assert_int_equal(skep_log_table_note(&table, insns, 5, 7, "a"), 0);
	assert_string_equal(skep_log_table_find(&table, 1)->program, "a");
	insns[2].imm = (int)t.last;
	assert_int_equal(skep_log_table_note(&table, insns, 5, 7, "a"), 0);
	assert_int_equal(skep_log_table_note(&table, insns, 5, 7, "b"), 0);
	assert_int_equal(skep_log_table_note(&table, insns, 5, 7, "b"), 0);
	assert_string_equal(skep_log_table_find(&table, 2)->program, "");
	insns[2].imm = -1;
	assert_int_equal(skep_log_table_note(&table, insns, 5, 7, "c"), 0);
	skep_log_table_free(&table);
}

static void refuse(const struct table *t, size_t len, const char *why)
{
	struct skep_log_table table = { 0 };
	struct skep_error err = { 0 };

	assert_int_equal(skep_log_table_read(&table, t->data, len, &err), -EINVAL);
	assert_error_says(&err, why);
	skep_log_table_free(&table);
}

static void tables_that_are_damaged_are_refused(void **state)
{
	static const struct skep_log_arg good = { SKEP_LOG_INT, 0, 8 };
	struct table t = { 0 }, bad;
	struct skep_log_site_head *head = (struct skep_log_site_head *)bad.data;

	(void)state;
	add_line(&t, 1, "%d", &good, 1);
	for (size_t len = 1; len + 7 < t.len; len++)
		refuse(&t, len, "damaged at byte 0");
	bad = t, bad.data[0] ^= 1, refuse(&bad, t.len, "no line begins there");
	bad = t, head->level = 6, refuse(&bad, t.len, "level");
	bad = t, head->n_args = 9, refuse(&bad, t.len, "cannot be");
	bad = t, head->bytes++, refuse(&bad, t.len, "the arguments cannot be");
	bad = t, head->size = 65535, refuse(&bad, t.len, "the length cannot be");
	bad = t, bad.data[sizeof(*head)] = SKEP_LOG_BYTES_READ + 1,
	refuse(&bad, t.len, "arguments");
	bad = t, head->size = (uint16_t)(head->size - 1), refuse(&bad, t.len, "has no end");
}

static void records_are_written_as_text_and_json(void **state)
{
	const struct skep_log_record record = { .size = sizeof(record),
						.level = SKEP_LOG_WARN,
						.realtime = 3661000042000,
						.cpu = 3,
						.pid = 12,
						.tid = 13,
						.file = "a.bpf.c",
						.line = 41,
						.function = "f",
						.program = "p",
						.message = "\"x\"\033[1m",
						.message_len = 7 };
	struct skep_log_record less = record;
	struct skep_text text = { 0 };

	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	skep_log_write_text(&record, &text);
	assert_string_equal(skep_text_string(&text),
			    "01:01:01.000042 WARN  a.bpf.c:41 p[12] cpu 3: \"x\"\\x1b[1m\n");
	skep_text_reset(&text);
	skep_log_write_json(&record, &text);
	assert_string_equal(
		skep_text_string(&text),
		"{\"time\":3661000042000,\"level\":\"warn\",\"cpu\":3,\"pid\":12,\"tid\":13,"
		"\"file\":\"a.bpf.c\",\"line\":41,\"function\":\"f\",\"program\":\"p\","
		"\"message\":\"\\\"x\\\"\\u001b[1m\"}\n");
	skep_text_reset(&text);
	less.pid = 0;
	less.program = "";
	skep_log_write_text(&less, &text);
	assert_string_equal(skep_text_string(&text),
			    "01:01:01.000042 WARN  a.bpf.c:41 f cpu 3: \"x\"\\x1b[1m\n");
	skep_text_free(&text);
}

/* An entry that is too long for a datagram comes as a file. */
static void entries_of_any_length_reach_the_journal(void **state)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr message = { .msg_control = &control, .msg_controllen = sizeof(control) };
	struct skep_text entry = { 0 }, empty = { 0 };
	struct skep_error err = { 0 };
	char got[16];
	int fds[2], file;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
	skep_text_lit(&entry, "MESSAGE=short\n");
	assert_ok(!skep_journal_send(fds[0], &entry, &err), &err);
	assert_int_equal(recv(fds[1], got, sizeof(got), 0), 14);
	for (int i = 0; i < 1 << 20; i++)
		skep_text_char(&entry, 'x');
	assert_ok(!skep_journal_send(fds[0], &entry, &err), &err);
	assert_int_equal(recvmsg(fds[1], &message, 0), 0);
	assert_int_equal(control.header.cmsg_type, SCM_RIGHTS);
	memcpy(&file, CMSG_DATA(&control.header), sizeof(file));
	assert_int_equal(lseek(file, 0, SEEK_END), 14 + (1 << 20));
	close(file);
	assert_int_equal(skep_journal_send(fds[0], &empty, &err), -EINVAL);
	close(fds[1]);
	assert_true(skep_journal_send(fds[0], &entry, &err) < 0);
	close(fds[0]);
	assert_int_equal(skep_journal_open("/no/such/journal", &err), -ENOENT);
	skep_text_free(&entry);
}

static void levels_have_names(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	for (int i = SKEP_LOG_OFF; i <= SKEP_LOG_TRACE; i++)
		assert_int_equal(
			skep_log_level_parse(skep_log_level_name((enum skep_log_level)i), &err), i);
	assert_null(skep_log_level_name((enum skep_log_level)6));
	assert_int_equal(skep_log_level_parse("loud", &err), -EINVAL);
	assert_error_says(&err, "off, error, warn, info, debug, trace");
	assert_int_equal(skep_log_level_parse(NULL, &err), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_cut_to_their_conversion),
		cmocka_unit_test(addresses_are_in_the_order_of_the_network),
		cmocka_unit_test(bytes_are_hexadecimal),
		cmocka_unit_test(numbers_have_names_and_units),
		cmocka_unit_test(strings_end_where_they_end),
		cmocka_unit_test(formats_that_fit_nothing_do_no_harm),
		cmocka_unit_test(lines_are_found_by_their_numbers),
		cmocka_unit_test(lines_are_of_the_programs_that_refer_to_them),
		cmocka_unit_test(tables_that_are_damaged_are_refused),
		cmocka_unit_test(records_are_written_as_text_and_json),
		cmocka_unit_test(entries_of_any_length_reach_the_journal),
		cmocka_unit_test(levels_have_names),
	};

	return cmocka_run_group_tests_name("event_log", tests, NULL, NULL);
}
