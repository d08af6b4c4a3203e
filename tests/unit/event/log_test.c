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
	assert_int_equal(values[0].number, -5);
	assert_int_equal(values[1].len, 6);
	assert_memory_equal(values[1].bytes, record.mac, 6);
	assert_memory_equal(values[2].bytes, "xyz", 3);
	/* As long as the helper said. */
	assert_int_equal(values[3].len, 4);
	assert_memory_equal(values[3].bytes, "abcd", 4);
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

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/* A file that came with an empty datagram, or -1. */
static int receive_file(int fd)
{
	union control control = { 0 };
	struct msghdr message = { .msg_control = &control, .msg_controllen = sizeof(control) };
	int file = -1;

	if (!recvmsg(fd, &message, MSG_DONTWAIT) && control.header.cmsg_type == SCM_RIGHTS)
		memcpy(&file, CMSG_DATA(&control.header), sizeof(file));
	return file;
}

/* qemu's emulation of system calls loses a file that no byte comes with. */
static bool files_can_be_sent(const int *fds)
{
	union control control = { .header = { .cmsg_len = CMSG_LEN(sizeof(int)),
					      .cmsg_level = SOL_SOCKET,
					      .cmsg_type = SCM_RIGHTS } };
	struct msghdr message = { .msg_control = &control, .msg_controllen = sizeof(control) };
	int file;

	memcpy(CMSG_DATA(&control.header), &fds[0], sizeof(fds[0]));
	if (sendmsg(fds[0], &message, 0))
		return false;
	file = receive_file(fds[1]);
	return file >= 0 && !close(file);
}

/* An entry that is too long for a datagram comes as a file. */
static void entries_of_any_length_reach_the_journal(void **state)
{
	struct skep_text entry = { 0 }, empty = { 0 };
	struct skep_error err = { 0 };
	char got[16];
	int fds[2], file;
	bool can_be_sent;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
	can_be_sent = files_can_be_sent(fds);
	skep_text_lit(&entry, "MESSAGE=short\n");
	assert_ok(!skep_journal_send(fds[0], &entry, &err), &err);
	assert_int_equal(recv(fds[1], got, sizeof(got), 0), 14);
	for (int i = 0; i < 1 << 20; i++)
		skep_text_char(&entry, 'x');
	assert_ok(!skep_journal_send(fds[0], &entry, &err), &err);
	file = receive_file(fds[1]);
	if (can_be_sent)
		assert_int_equal(lseek(file, 0, SEEK_END), 14 + (1 << 20));
	close(file);
	assert_int_equal(skep_journal_send(fds[0], &empty, &err), -EINVAL);
	close(fds[1]);
	skep_text_lit(&empty, "MESSAGE=to nobody\n");
	assert_true(skep_journal_send(fds[0], &empty, &err) < 0);
	skep_text_free(&empty);
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
		cmocka_unit_test(lines_are_found_by_their_numbers),
		cmocka_unit_test(lines_are_of_the_programs_that_refer_to_them),
		cmocka_unit_test(tables_that_are_damaged_are_refused),
		cmocka_unit_test(records_are_written_as_text_and_json),
		cmocka_unit_test(entries_of_any_length_reach_the_journal),
		cmocka_unit_test(levels_have_names),
	};

	return cmocka_run_group_tests_name("event_log", tests, NULL, NULL);
}
