// SPDX-License-Identifier: MIT
/* skep test FILE.json: packets that come from captures. */
#include "cli/described.h"
#include "kernel/support.h"

#include <sys/stat.h>

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
	snprintf(path, sizeof(path), "%s/t.pcap", described_folder);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	describe(&r, NAMED "\"packet\": { \"pcap\": \"t.pcap\" }, \"expect\": { \"return\": 0 }");
	assert_run(&r, r.status == 1 && strstr(r.out, "t.pcap cannot be read"));
	run_free(&r);
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/t.json", described_folder);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	RUN(&r, "skep", "test", path);
	assert_run(&r, r.status == 1 && strstr(r.err, "t.json is no file"));
	run_free(&r);
	assert_int_equal(unlink(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(described_packets_come_from_captures),
		cmocka_unit_test(described_packets_come_from_newer_captures),
		cmocka_unit_test(described_pipes_are_refused),
	};

	return cmocka_run_group_tests_name("cli", tests, described_setup, described_teardown);
}
