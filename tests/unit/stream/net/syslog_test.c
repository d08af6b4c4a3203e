// SPDX-License-Identifier: MIT
#include "unit/stream/support.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "stream/net/syslog_socket.h"

static struct skep_schema *schema;
static struct skep_source source = { .name = "events" };
static char dir[] = "/tmp/skep-syslog-XXXXXX", path[64];
static char got[1 << 20];

static int set_up(void **state)
{
	(void)state;
	schema = event_schema();
	source.schema = schema;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/log", dir);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	skep_schema_free(schema);
	unlink(path);
	rmdir(dir);
	return 0;
}

/* A daemon's local socket. */
static int local_daemon(int type)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	unlink(path);
	memcpy(address.sun_path, path, strlen(path));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 4), 0);
	return fd;
}

/* One on loopback; its port. */
static int network_daemon(int type, uint16_t *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(*port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 4), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

/* What comes within two seconds; "" if it is nothing. */
static const char *receive(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	ssize_t n = poll(&wait, 1, 2000) > 0 ? recv(fd, got, sizeof(got) - 1, 0) : 0;

	got[n > 0 ? n : 0] = '\0';
	return got;
}

static void syslog_has_the_local_daemons_form(void **state)
{
	int fd = local_daemon(SOCK_DGRAM);
	struct skep_sink *sink;
	char spec[128], end[128];

	(void)state;
	snprintf(spec, sizeof(spec), "syslog:unix:%s,facility=local3,severity=warning,tag=tool",
		 path);
	sink = open_sink(spec);
	write_events(sink, &source, 7, 8);
	receive(fd);
	assert_int_equal(strncmp(got, "<156>", 5), 0);
	/* "<156>Nov 21 17:30:00 tool[42]: " */
	assert_int_equal(got[8], ' ');
	assert_int_equal(got[14], ':');
	assert_int_equal(got[17], ':');
	snprintf(end, sizeof(end), " tool[%d]: events: pid=7 ret=-2 comm=cat bytes=1099511627776",
		 (int)getpid());
	assert_string_equal(got + 20, end);
	assert_int_equal(sink->delivered, 1);
	skep_sink_close(sink);
	close(fd);
}

static void syslog_finds_a_local_daemon_of_streams(void **state)
{
	int fd = local_daemon(SOCK_STREAM), peer;
	struct skep_sink *sink;
	char spec[128];

	(void)state;
	snprintf(spec, sizeof(spec), "syslog:unix:%s", path);
	sink = open_sink(spec);
	write_events(sink, &source, 1, 3);
	assert_int_equal(skep_sink_flush(sink, true), 0);
	peer = accept(fd, NULL, NULL);
	receive(peer);
	assert_non_null(strstr(got, "events: pid=1 "));
	assert_non_null(strstr(got + strlen(got) + 1, "events: pid=2 "));
	skep_sink_close(sink);
	close(peer);
	close(fd);
}

static void syslog_finds_a_daemon_that_was_started_anew(void **state)
{
	int fd = local_daemon(SOCK_DGRAM);
	struct skep_sink *sink;
	char spec[128];

	(void)state;
	snprintf(spec, sizeof(spec), "syslog:unix:%s", path);
	sink = open_sink(spec);
	close(fd);
	write_events(sink, &source, 1, 2);
	assert_int_equal(sink->lost, 1);
	fd = local_daemon(SOCK_DGRAM);
	usleep(600000);
	write_events(sink, &source, 2, 3);
	assert_int_equal(sink->lost, 1);
	assert_non_null(strstr(receive(fd), "pid=2 "));
	skep_sink_close(sink);
	close(fd);
}

static void syslog_does_not_wait_for_a_daemon_that_does_not_read(void **state)
{
	int fd = local_daemon(SOCK_DGRAM);
	double start = seconds_now();
	struct skep_sink *sink;
	char spec[128];

	(void)state;
	snprintf(spec, sizeof(spec), "syslog:unix:%s", path);
	sink = open_sink(spec);
	write_events(sink, &source, 0, 5000);
	assert_true(seconds_now() - start < 3);
	assert_true(sink->lost > 3000);
	assert_int_equal(sink->lost + sink->delivered, 5000);
	skep_sink_close(sink);
	close(fd);
}

static void syslog_has_structured_data_over_a_network(void **state)
{
	struct event event = { .pid = 7, .ret = 1, .comm = "a\"b]c\\d\xff" };
	struct skep_source raw = { .name = "a name with spaces and more than 32 bytes" };
	struct skep_sink *sink;
	uint16_t port = 0;
	char spec[128], part[128];
	int fd = network_daemon(SOCK_DGRAM, &port);

	(void)state;
	snprintf(spec, sizeof(spec), "syslog:udp:127.0.0.1:%u", port);
	sink = open_sink(spec);
	sink->time = 1700000000123456789;
	skep_sink_write(sink, &source, &event, sizeof(event));
	receive(fd);
	assert_int_equal(strncmp(got, "<30>1 2023-11-14T22:13:20.123456Z ", 34), 0);
	snprintf(part, sizeof(part), " skep %d events [skep@32473 pid=\"7\" ret=\"1\" ",
		 (int)getpid());
	assert_non_null(strstr(got, part));
	assert_non_null(
		strstr(got, " comm=\"a\\\"b\\]c\\\\d\xef\xbf\xbd\" bytes=\"0\"] pid=7 ret=1 "));
	skep_sink_write(sink, &raw, "\x01\x02", 2);
	assert_non_null(strstr(receive(fd), " a_name_with_spaces_and_more_than - 0102"));
	skep_sink_close(sink);
	close(fd);
}

/* Frames "LEN MESSAGE" from @fd until @n have come; those with "pid=FIRST" and up are checked. */
static void expect_frames(int fd, uint32_t first, uint32_t n)
{
	size_t len = 0;

	while (n) {
		char want[32], *at = got, *end;
		size_t frame;
		ssize_t more = recv(fd, got + len, sizeof(got) - 1 - len, 0);

		assert_true(more > 0);
		len += (size_t)more;
		got[len] = '\0';
		while (n && (frame = strtoul(at, &end, 10)) && *end == ' ' &&
		       (size_t)(end - got) + 1 + frame <= len) {
			snprintf(want, sizeof(want), "] pid=%u ", first++);
			assert_int_equal(strncmp(end + 1, "<30>1 ", 6), 0);
			assert_non_null(memmem(end + 1, frame, want, strlen(want)));
			at = end + 1 + frame;
			n--;
		}
		len -= (size_t)(at - got);
		memmove(got, at, len);
	}
}

static void syslog_counts_octets_over_tcp(void **state)
{
	struct skep_sink *sink;
	uint16_t port = 0;
	char spec[128];
	int fd = network_daemon(SOCK_STREAM, &port), peer;

	(void)state;
	snprintf(spec, sizeof(spec), "syslog:tcp:127.0.0.1:%u", port);
	sink = open_sink(spec);
	write_events(sink, &source, 0, 1000);
	skep_sink_flush(sink, false);
	peer = accept(fd, NULL, NULL);
	skep_sink_flush(sink, true);
	expect_frames(peer, 0, 1000);
	assert_int_equal(sink->lost, 0);
	skep_sink_close(sink);
	close(peer);
	close(fd);
}

static void syslog_keeps_messages_until_a_daemon_can_be_reached(void **state)
{
	struct skep_sink *sink;
	uint16_t port = 0;
	char spec[128];
	int fd = network_daemon(SOCK_STREAM, &port), peer;

	(void)state;
	close(fd);
	snprintf(spec, sizeof(spec), "syslog:tcp:127.0.0.1:%u", port);
	sink = open_sink(spec);
	write_events(sink, &source, 0, 500);
	skep_sink_flush(sink, false);
	fd = network_daemon(SOCK_STREAM, &port);
	usleep(600000);
	skep_sink_flush(sink, true);
	peer = accept(fd, NULL, NULL);
	expect_frames(peer, 0, 500);
	assert_int_equal(sink->lost, 0);
	/* A daemon that hangs up in the middle of a frame gets that frame once more, whole. */
	close(peer);
	usleep(50000);
	write_events(sink, &source, 500, 510);
	skep_sink_flush(sink, true);
	peer = accept(fd, NULL, NULL);
	expect_frames(peer, 500, 10);
	assert_int_equal(sink->lost, 0);
	skep_sink_close(sink);
	close(peer);
	close(fd);
}

/* The number of the frame at the start of what the peer gets, and the frame's length. */
static unsigned long peek_frame(int peer, size_t *len)
{
	const char *data;
	char *end;

	assert_int_equal(recv(peer, got, 512, MSG_PEEK | MSG_WAITALL), 512);
	got[512] = '\0';
	*len = strtoul(got, &end, 10);
	assert_int_equal(strncmp(end, " <30>1 ", 7), 0);
	*len += (size_t)(end + 1 - got);
	data = strstr(got, " raw - ");
	assert_non_null(data);
	return strtoul(strndupa(data + 7, 8), NULL, 16);
}

/* What was half sent when a connection broke is sent whole to the next one. */
static void syslog_cuts_no_message_when_a_connection_breaks(void **state)
{
	static uint8_t data[4096];
	const struct skep_source raw = { .name = "raw" };
	struct skep_sink *sink;
	uint16_t port = 0;
	char spec[128];
	int fd = network_daemon(SOCK_STREAM, &port), small = 4096, peer;
	unsigned long first;
	size_t len;

	(void)state;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	snprintf(spec, sizeof(spec), "syslog:tcp:127.0.0.1:%u,queue=64M", port);
	sink = open_sink(spec);
	for (unsigned int i = 0; i < 1200; i++) {
		data[2] = (uint8_t)(i >> 8);
		data[3] = (uint8_t)i;
		skep_sink_write(sink, &raw, data, sizeof(data));
	}
	skep_sink_flush(sink, false);
	peer = accept(fd, NULL, NULL);
	close(peer);
	usleep(600000);
	skep_sink_flush(sink, false);
	usleep(600000);
	skep_sink_flush(sink, false);
	peer = accept(fd, NULL, NULL);
	first = peek_frame(peer, &len);
	assert_in_range(first, 1, 1199);
	assert_int_equal(recv(peer, got, len, MSG_WAITALL), len);
	assert_int_equal(peek_frame(peer, &len), first + 1);
	skep_sink_close(sink);
	close(peer);
	close(fd);
}

static void syslog_bounds_what_waits_for_a_daemon(void **state)
{
	struct skep_sink *sink;
	uint16_t port = 0;
	char spec[128];
	int fd = network_daemon(SOCK_STREAM, &port);
	double start = seconds_now();

	(void)state;
	close(fd);
	snprintf(spec, sizeof(spec), "syslog:tcp:127.0.0.1:%u,queue=64K", port);
	sink = open_sink(spec);
	write_events(sink, &source, 0, 5000);
	assert_true(sink->lost > 4000 && sink->lost < 5000);
	assert_error_says(&sink->failed, "the queue is full, the syslog daemon cannot be reached");
	skep_sink_flush(sink, true);
	assert_int_equal(sink->lost, 5000);
	assert_int_equal(sink->delivered, 0);
	assert_true(seconds_now() - start < 5);
	skep_sink_close(sink);
}

static void syslog_refuses_what_cannot_be(void **state)
{
	(void)state;
	assert_refused("syslog:here", "take unix:PATH, udp:HOST:PORT or tcp:HOST:PORT");
	assert_refused("syslog:udp:host", "udp:HOST:PORT");
	assert_refused("syslog:unix:/no/such/socket", "is a syslog daemon running?");
	assert_refused("syslog:udp:localhost:514,facility=none", "local7");
	assert_refused("syslog:udp:localhost:514,tag=two words", "a word of at most 48");
}

static void journald_gets_a_field_for_each_column(void **state)
{
	int fd = local_daemon(SOCK_DGRAM);
	struct skep_sink *sink;
	char spec[128];

	(void)state;
	snprintf(spec, sizeof(spec), "journald:%s,severity=notice,tag=tool", path);
	sink = open_sink(spec);
	sink->cpu = 3;
	sink->time = 1700000000123456789;
	write_events(sink, &source, 7, 8);
	assert_string_equal(receive(fd),
			    "MESSAGE=events: pid=7 ret=-2 comm=cat bytes=1099511627776\n"
			    "PRIORITY=5\n"
			    "SYSLOG_IDENTIFIER=tool\n"
			    "SKEP_SOURCE=events\n"
			    "SKEP_TIME_NS=1700000000123456789\n"
			    "SKEP_CPU=3\n"
			    "EVENT_PID=7\n"
			    "EVENT_RET=-2\n"
			    "EVENT_COMM=cat\n"
			    "EVENT_BYTES=1099511627776\n");
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 1);
	skep_sink_close(sink);
	close(fd);
}

static void journald_is_found_again_and_not_waited_for(void **state)
{
	int fd = local_daemon(SOCK_DGRAM);
	double start = seconds_now();
	struct skep_sink *sink;
	char spec[128];

	(void)state;
	snprintf(spec, sizeof(spec), "journald:%s", path);
	sink = open_sink(spec);
	write_events(sink, &source, 0, 2000);
	assert_true(seconds_now() - start < 3);
	assert_true(sink->lost > 0 && sink->lost < 2000);
	close(fd);
	fd = local_daemon(SOCK_DGRAM);
	usleep(600000);
	start = (double)sink->lost;
	write_events(sink, &source, 2000, 2001);
	assert_non_null(strstr(receive(fd), "EVENT_PID=2000\n"));
	assert_int_equal(sink->lost, (uint64_t)start);
	skep_sink_close(sink);
	close(fd);
	assert_refused("journald:/no/such/socket", "is systemd-journald running?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(syslog_has_the_local_daemons_form),
		cmocka_unit_test(syslog_finds_a_local_daemon_of_streams),
		cmocka_unit_test(syslog_finds_a_daemon_that_was_started_anew),
		cmocka_unit_test(syslog_does_not_wait_for_a_daemon_that_does_not_read),
		cmocka_unit_test(syslog_has_structured_data_over_a_network),
		cmocka_unit_test(syslog_counts_octets_over_tcp),
		cmocka_unit_test(syslog_keeps_messages_until_a_daemon_can_be_reached),
		cmocka_unit_test(syslog_cuts_no_message_when_a_connection_breaks),
		cmocka_unit_test(syslog_bounds_what_waits_for_a_daemon),
		cmocka_unit_test(syslog_refuses_what_cannot_be),
		cmocka_unit_test(journald_gets_a_field_for_each_column),
		cmocka_unit_test(journald_is_found_again_and_not_waited_for),
	};

	return cmocka_run_group_tests_name("stream_syslog", tests, set_up, tear_down);
}
