// SPDX-License-Identifier: MIT
/* skep test FILE.json: tests that are described, and descriptions that are wrong. */
#include "cli/run.h"
#include "kernel/support.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/skep-described-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/t.json", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/t.pcap", folder);
	unlink(path);
	return rmdir(folder);
}

static const char *put_file(const char *name, const void *data, size_t len)
{
	static char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	return path;
}

/* Runs a description of one test, whose members are @members, on the fixture. */
static void describe(struct run_result *r, const char *members)
{
	char text[2048];

	snprintf(text, sizeof(text),
		 "{\n\"object\": \"%s/cli_described.%s.o\",\n\"tests\": [ {\n%s\n} ] }\n",
		 getenv("SKEP_FIXTURES"), __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "el" : "eb",
		 members);
	RUN(r, "skep", "test", put_file("t.json", text, strlen(text)));
}

#define NAMED "\"name\": \"n\", \"program\": \"limit\","
/* 18 bytes, of type 0x88b5. */
#define PACKET "\"packet\": \"00010203040506070809 0a0b 88b5 11 22 33 44\","
#define LIMITS(least, most)                                                           \
	"\"maps\": { \"limits\": [ { \"key\": 34997, \"value\": { \"least\": " #least \
	", \"most\": " #most " } } ] },"

static void described_tests_set_up_and_compare(void **state)
{
	struct run_result r;

	(void)state;
	NEED_BPF();
	describe(
		&r,
		NAMED PACKET LIMITS(
			18,
			18) "\"context\": { \"mark\": 77 },"
			    "\"expect\": { \"return\": \"TC_ACT_OK\", \"globals\": { \"last_mark\": 77 },"
			    "\"packet\": \"00010203040506070809 0a0b 88b5 ee 22 33 44\","
			    "\"maps\": { \"counts\": [ { \"key\": 1, \"value\": 1 } ],"
			    "\"seen\": [ { \"key\": 0, \"value\": { \"packets\": 1, \"change\": [ -1 ] } } ],"
			    "\"limits\": [ { \"key\": 34997, \"value\": { \"most\": 18 } } ] } }");
	assert_run(&r, r.status == 0 && strstr(r.out, "ok    n\n"));
	run_free(&r);
}

/* What was there on every CPU, and what the program did on one of them. */
static void described_values_of_all_cpus_are_added_up(void **state)
{
	char members[1024];
	struct run_result r;

	(void)state;
	NEED_BPF();
	snprintf(members, sizeof(members),
		 NAMED PACKET
		 "\"maps\": { \"seen\": [ { \"key\": 0, \"value\": { \"packets\": 100, "
		 "\"change\": [ -7 ] } } ] }, \"expect\": { \"maps\": { \"seen\": [ { "
		 "\"key\": 0, \"value\": { \"packets\": %d, \"change\": [ %d ] } } ] } }",
		 100 * get_nprocs_conf() + 1, -7 * get_nprocs_conf() - 1);
	describe(&r, members);
	assert_run(&r, r.status == 0);
	run_free(&r);
}

static void described_differences_are_told(void **state)
{
	struct run_result r;

	(void)state;
	NEED_BPF();
	describe(&r,
		 NAMED PACKET LIMITS(
			 1, 17) "\"expect\": { \"return\": 0, \"globals\": { \"last_mark\": 1 },"
				"\"packet\": \"00010203040506070809 0a0b 88b5 ee 22 34 44\","
				"\"maps\": { \"counts\": [ { \"key\": 0, \"value\": 3 } ],"
				"\"limits\": [ { \"key\": 5, \"value\": {} },"
				" { \"key\": 34997, \"value\": { \"most\": 18 } } ] } }");
	assert_run(&r, r.status == 1 && strstr(r.out, "FAIL  n\n"));
	assert_run(&r, strstr(r.out, "it returned 2, not 0\n"));
	assert_run(&r, strstr(r.out, "is another from byte 16 on than the 18 expected: "));
	assert_run(&r, strstr(r.out, "last_mark is 0, not 1\n"));
	assert_run(&r, strstr(r.out, "counts[0] is 1, not 3\n"));
	assert_run(&r, strstr(r.out, "limits has no key 5\n"));
	assert_run(&r, strstr(r.out, "limits[1] is {\"least\":1,\"most\":17}, not "));
	run_free(&r);
	describe(&r, NAMED PACKET "\"expect\": {}");
	assert_run(&r, r.status == 1 && strstr(r.out, "it checks nothing"));
	run_free(&r);
}

static void described_lines_are_those_that_are_logged(void **state)
{
	static const char form[] =
		"{ \"object\": \"%s/cli_logs.%s.o\", \"tests\": [ { \"name\": \"n\","
		"\"program\": \"look\", \"packet\": { \"zeros\": 20 },"
		"\"expect\": { \"log\": [ \"info: a packet of * bytes\", %s ] } } ] }";
	static const struct {
		const char *line, *says;
		int status;
	} cases[] = {
		{ "\"warn: too short\"", "ok    n\n", 0 },
		{ "\"info: too short\"", "log line 2 is 'warn: too short', not 'info: too short'\n",
		  1 },
		{ "\"*\", \"*\"", "log: 2 lines came, not 3\n", 1 },
		{ "5", "a string is wanted here", 2 },
	};

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[1024];
		struct run_result r;

		snprintf(text, sizeof(text), form, getenv("SKEP_FIXTURES"),
			 __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "el" : "eb", cases[i].line);
		RUN(&r, "skep", "test", put_file("t.json", text, strlen(text)));
		assert_run(&r, r.status == cases[i].status);
		assert_run(&r, strstr(cases[i].status == 2 ? r.err : r.out, cases[i].says));
		run_free(&r);
	}
}

static void described_packets_come_from_captures(void **state)
{
	struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t rest[4];
		struct {
			uint32_t time[2], captured, len;
			uint8_t bytes[20];
		} frames[2];
	} pcap = { .magic = 0xa1b2c3d4,
		   .major = 2,
		   .minor = 4,
		   .rest = { 0, 0, 65535, 1 },
		   .frames = { { .captured = 20, .len = 20, .bytes = { [12] = 0x88, 0xb5 } },
			       { .captured = 20, .len = 20, .bytes = { [12] = 0x88, 0xb6 } } } };
	struct run_result r;

	(void)state;
	NEED_BPF();
	put_file("t.pcap", &pcap, sizeof(pcap));
	describe(&r, NAMED LIMITS(20, 20) "\"packet\": { \"pcap\": \"t.pcap\" },"
					  "\"expect\": { \"return\": \"TC_ACT_OK\" }");
	assert_run(&r, r.status == 0);
	run_free(&r);
	describe(&r, NAMED LIMITS(20, 20) "\"packet\": { \"pcap\": \"t.pcap\", \"frame\": 2 },"
					  "\"expect\": { \"return\": \"TC_ACT_SHOT\" }");
	assert_run(&r, r.status == 0);
	run_free(&r);
	describe(&r, NAMED "\"packet\": { \"pcap\": \"t.pcap\", \"frame\": 3 },"
			   "\"expect\": { \"return\": 0 }");
	assert_run(&r, r.status == 1 && strstr(r.out, "t.pcap: it has fewer frames"));
	run_free(&r);
	/* The other byte order; then cut off, and something else. */
	pcap.magic = __builtin_bswap32(pcap.magic);
	pcap.rest[3] = __builtin_bswap32(pcap.rest[3]);
	pcap.frames[0].captured = __builtin_bswap32(pcap.frames[0].captured);
	put_file("t.pcap", &pcap, sizeof(pcap));
	describe(&r, NAMED LIMITS(20, 20) "\"packet\": { \"pcap\": \"t.pcap\" },"
					  "\"expect\": { \"return\": \"TC_ACT_OK\" }");
	assert_run(&r, r.status == 0);
	run_free(&r);
	pcap.rest[3] = __builtin_bswap32(113);
	put_file("t.pcap", &pcap, sizeof(pcap));
	describe(&r, NAMED "\"packet\": { \"pcap\": \"t.pcap\" }, \"expect\": { \"return\": 0 }");
	assert_run(&r, r.status == 1 && strstr(r.out, "t.pcap: its frames are of link type 113"));
	run_free(&r);
	pcap.rest[3] = __builtin_bswap32(1);
	put_file("t.pcap", &pcap, 50);
	describe(&r, NAMED "\"packet\": { \"pcap\": \"t.pcap\" }, \"expect\": { \"return\": 0 }");
	assert_run(&r, r.status == 1 && strstr(r.out, "t.pcap: it is cut off"));
	run_free(&r);
	put_file("t.pcap", "this is longer than a header of a file", 30);
	describe(&r, NAMED "\"packet\": { \"pcap\": \"t.pcap\" }, \"expect\": { \"return\": 0 }");
	assert_run(&r, r.status == 1 && strstr(r.out, "t.pcap: it is no capture file"));
	run_free(&r);
}

static uint32_t swap(uint32_t value, bool is_foreign)
{
	return is_foreign ? __builtin_bswap32(value) : value;
}

static size_t add_block(uint32_t *to, uint32_t type, const uint32_t *body, size_t words,
			bool is_foreign)
{
	uint32_t len = swap((uint32_t)(words + 3) * 4, is_foreign);

	to[0] = swap(type, is_foreign);
	to[1] = to[words + 2] = len;
	memcpy(to + 2, body, words * 4);
	return words + 3;
}

/*
 * A section, an interface of @link, something that nobody knows, and two frames of 20 bytes, whose
 * types are 0x88b5 and 0x88b6: one in a full block, one in a simple one.
 */
static size_t make_pcapng(uint32_t *to, uint16_t link, bool is_foreign)
{
	const uint32_t section[] = { swap(0x1a2b3c4d, is_foreign), 0, ~0u, ~0u };
	uint32_t interface[2] = { 0 }, full[10] = { 0 }, simple[6] = { swap(20, is_foreign) };
	uint8_t *bytes = (uint8_t *)(full + 5);
	size_t n = 0;

	link = is_foreign ? __builtin_bswap16(link) : link;
	memcpy(interface, &link, sizeof(link));
	full[3] = full[4] = swap(20, is_foreign);
	bytes[12] = 0x88, bytes[13] = 0xb5;
	bytes = (uint8_t *)(simple + 1);
	bytes[12] = 0x88, bytes[13] = 0xb6;
	n += add_block(to + n, 0x0a0d0d0a, section, 4, is_foreign);
	n += add_block(to + n, 1, interface, 2, is_foreign);
	n += add_block(to + n, 0x4242, section, 4, is_foreign);
	n += add_block(to + n, 6, full, 10, is_foreign);
	return (n + add_block(to + n, 3, simple, 6, is_foreign)) * 4;
}

static void describe_frame(struct run_result *r, int frame, const char *verdict)
{
	char members[512];

	snprintf(members, sizeof(members),
		 NAMED LIMITS(20, 20) "\"packet\": { \"pcap\": \"t.pcap\", \"frame\": %d },"
				      "\"expect\": { \"return\": \"%s\" }",
		 frame, verdict);
	describe(r, members);
}

static void described_packets_come_from_newer_captures(void **state)
{
	uint32_t words[128];
	struct run_result r;
	size_t len;

	(void)state;
	NEED_BPF();
	for (int is_foreign = 0; is_foreign < 2; is_foreign++) {
		len = make_pcapng(words, 1, is_foreign);
		put_file("t.pcap", words, len);
		describe_frame(&r, 1, "TC_ACT_OK");
		assert_run(&r, r.status == 0);
		run_free(&r);
		describe_frame(&r, 2, "TC_ACT_SHOT");
		assert_run(&r, r.status == 0);
		run_free(&r);
		describe_frame(&r, 3, "TC_ACT_OK");
		assert_run(&r, r.status == 1 && strstr(r.out, "t.pcap: it has fewer frames"));
		run_free(&r);
	}
	/* Of any length that is too short, and with any byte changed: told, and no crash. */
	len = make_pcapng(words, 1, false);
	for (size_t i = 0; i < len; i++) {
		((uint8_t *)words)[i] ^= 0xff;
		put_file("t.pcap", words, i % 2 ? len : i);
		describe_frame(&r, 2, "TC_ACT_SHOT");
		assert_run(&r, r.status <= 1 && !r.err_len);
		run_free(&r);
		((uint8_t *)words)[i] ^= 0xff;
	}
	put_file("t.pcap", words, make_pcapng(words, 113, false));
	describe_frame(&r, 1, "TC_ACT_OK");
	assert_run(&r, r.status == 1 && strstr(r.out, "are of link type 113"));
	run_free(&r);
}

/* Nothing is waited for that may never come. */
static void described_pipes_are_refused(void **state)
{
	char path[128];
	struct run_result r;

	(void)state;
	NEED_BPF();
	snprintf(path, sizeof(path), "%s/t.pcap", folder);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	describe(&r, NAMED "\"packet\": { \"pcap\": \"t.pcap\" }, \"expect\": { \"return\": 0 }");
	assert_run(&r, r.status == 1 && strstr(r.out, "t.pcap cannot be read"));
	run_free(&r);
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/t.json", folder);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	RUN(&r, "skep", "test", path);
	assert_run(&r, r.status == 1 && strstr(r.err, "t.json is no file"));
	run_free(&r);
	assert_int_equal(unlink(path), 0);
}

static void described_tests_that_are_wrong_name_the_place(void **state)
{
	static const struct {
		const char *members, *says;
	} cases[] = {
		{ "\"name\": \"n\", \"expect\": {}", ":3:12: the member 'program' is missing" },
		{ NAMED "\"expects\": {}", ":4:44: there is no member 'expects'; allowed: name" },
		{ NAMED "\"expect\": { \"return\": \"TC_ACT_OKAY\" }", "has a 'TC_ACT_OKAY'" },
		{ NAMED "\"expect\": { \"globals\": { \"mark\": 1 } }",
		  "has no variable 'mark'; it has last_mark" },
		{ NAMED "\"expect\": { \"globals\": { \"last_mark\": -1 } }", "out of its range" },
		{ NAMED "\"expect\": { \"maps\": { \"nothing\": [] } }",
		  "no map in use 'nothing'; it has limits, counts, seen, mixed" },
		{ NAMED "\"expect\": { \"maps\": { \"counts\": 5 } }", "'[' must be here" },
		{ NAMED
		  "\"expect\": { \"maps\": { \"mixed\": [ { \"key\": 0, \"value\": {} } ] } }",
		  "only if they are made of integers of one size" },
		{ NAMED "\"expect\": { \"return\": 4294967296 }", "programs return 32 bits" },
		{ NAMED "\"expect\": { \"records\": { \"counts\": [] } }",
		  ":4:68: 'counts' carries no records" },
		{ NAMED LIMITS(1, x) "\"expect\": {}", "t.json:4:" },
		{ NAMED "\"packet\": \"abc\", \"expect\": {}", "half a byte is left over" },
		{ NAMED "\"packet\": {}, \"expect\": {}", "it says no bytes; allowed:" },
		{ NAMED "\"expect\": {} , \"name\"", "':' must be here" },
		{ "\"name\": \"n\", \"program\": \"limits\", \"expect\": {}", ":4:25: " },
		{ "\"name\": \"n\", \"program\": \"limits\", \"expect\": {}",
		  "has no program 'limits'; did you mean 'limit'?" },
	};

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_result r;

		describe(&r, cases[i].members);
		assert_run(&r, r.status == 2 && !r.out_len && count_lines(r.err) == 1);
		assert_run(&r, strstr(r.err, cases[i].says));
		run_free(&r);
	}
}

/* Each byte of a description damaged, or cut off there: no crash, and never a success. */
static void described_tests_survive_damage(void **state)
{
	const char *good = "{\"object\":\"nowhere.o\",\"tests\":[{\"name\":\"n\",\"program\":\"p\","
			   "\"packet\":\"00ff\",\"expect\":{\"return\":1,\"maps\":{}}}]}";
	size_t len = strlen(good);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		char text[256];
		struct run_result r;

		snprintf(text, sizeof(text), "%s", good);
		text[i] = (char)(i % 2 ? '{' : 0x80);
		RUN(&r, "skep", "test", put_file("t.json", text, i % 3 ? len : i));
		assert_run(&r, r.status == 1 || r.status == 2);
		assert_run(&r, count_lines(r.err) == 1);
		run_free(&r);
	}
}

static void described_examples_pass(void **state)
{
	char path[512];
	struct run_result r;

	(void)state;
	NEED_BPF();
	snprintf(path, sizeof(path), "%s/examples/test/drop.test.json", getenv("SKEP_SOURCE"));
	RUN(&r, "skep", "test", path);
	assert_run(&r, r.status == 0 && strstr(r.out, "2 tests: 2 passed, 0 failed, 0 skipped\n"));
	run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(described_tests_set_up_and_compare),
		cmocka_unit_test(described_values_of_all_cpus_are_added_up),
		cmocka_unit_test(described_differences_are_told),
		cmocka_unit_test(described_lines_are_those_that_are_logged),
		cmocka_unit_test(described_packets_come_from_captures),
		cmocka_unit_test(described_packets_come_from_newer_captures),
		cmocka_unit_test(described_pipes_are_refused),
		cmocka_unit_test(described_tests_that_are_wrong_name_the_place),
		cmocka_unit_test(described_tests_survive_damage),
		cmocka_unit_test(described_examples_pass),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
