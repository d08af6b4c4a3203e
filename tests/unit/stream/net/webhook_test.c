// SPDX-License-Identifier: MIT
#include "http_peer.h"
#include "unit/stream/support.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

static struct http_peer peer;
static struct skep_schema *schema;
static struct skep_source source = { .name = "events" };

static int set_up(void **state)
{
	(void)state;
	schema = event_schema();
	source.schema = schema;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	skep_schema_free(schema);
	return 0;
}

/* The sink for the peer, with settings. */
static struct skep_sink *open_hook(http_peer_fn answer, const char *settings)
{
	char spec[256];

	http_peer_start(&peer, answer);
	snprintf(spec, sizeof(spec), "webhook:%s%s", peer.url, settings);
	return open_sink(spec);
}

static void close_hook(struct skep_sink *sink)
{
	skep_sink_close(sink);
	http_peer_stop(&peer);
}

static void webhook_posts_a_json_array(void **state)
{
	struct skep_sink *sink = open_hook(NULL, ",header=X-Site: a b");

	(void)state;
	write_events(sink, &source, 1, 3);
	assert_int_equal(skep_sink_flush(sink, true), 0);
	assert_int_equal(sink->delivered, 2);
	assert_int_equal(sink->lost, 0);
	assert_int_equal(peer.n, 1);
	assert_string_equal(peer.requests[0].body,
			    "[{\"pid\":1,\"ret\":-2,\"comm\":\"cat\",\"bytes\":1099511627776},"
			    "{\"pid\":2,\"ret\":-2,\"comm\":\"cat\",\"bytes\":1099511627776}]\n");
	assert_non_null(strstr(peer.requests[0].head, "POST /in HTTP/1.1\r\n"));
	assert_non_null(strstr(peer.requests[0].head, "Content-Type: application/json\r\n"));
	assert_non_null(strstr(peer.requests[0].head, "Skep-Source: events\r\n"));
	assert_non_null(strstr(peer.requests[0].head, "X-Site: a b\r\n"));
	close_hook(sink);
}

static void webhook_posts_lines_of_json(void **state)
{
	struct skep_source raw = { .name = "raw\r\nX-Other: 1", .index = 1 };
	struct skep_sink *sink = open_hook(NULL, ",body=lines");

	(void)state;
	write_events(sink, &source, 1, 2);
	skep_sink_write(sink, &raw, "\x01\xff", 2);
	skep_sink_flush(sink, true);
	assert_int_equal(peer.n, 2);
	assert_string_equal(peer.requests[0].body,
			    "{\"pid\":1,\"ret\":-2,\"comm\":\"cat\",\"bytes\":1099511627776}\n");
	assert_string_equal(peer.requests[1].body, "{\"bytes\":\"01ff\"}\n");
	assert_non_null(strstr(peer.requests[1].head, "Skep-Source: raw__X-Other: 1\r\n"));
	close_hook(sink);
}

static void webhook_sends_batches_in_order(void **state)
{
	struct skep_sink *sink = open_hook(NULL, ",body=lines,batch=10");
	uint32_t pid = 0;

	(void)state;
	for (uint32_t at = 0; at < 95; at += 5) {
		write_events(sink, &source, at, at + 5);
		skep_sink_flush(sink, false);
	}
	skep_sink_flush(sink, true);
	assert_int_equal(peer.n, 10);
	for (unsigned int i = 0; i < peer.n; i++)
		for (const char *at = peer.requests[i].body; *at; at = strchr(at, '\n') + 1)
			assert_int_equal(strtoul(at + 7, NULL, 10), pid++);
	assert_int_equal(pid, 95);
	close_hook(sink);
}

static void webhook_sends_what_has_waited_long_enough(void **state)
{
	struct skep_sink *sink = open_hook(NULL, ",every=200ms");
	double start = seconds_now();

	(void)state;
	write_events(sink, &source, 0, 1);
	skep_sink_flush(sink, false);
	assert_int_equal(peer.n, 0);
	while (!peer.n && seconds_now() < start + 5) {
		usleep(50000);
		skep_sink_flush(sink, false);
	}
	assert_int_equal(peer.n, 1);
	assert_true(seconds_now() - start >= 0.2);
	close_hook(sink);
}

static void twice_busy(struct http_peer *p, int fd, unsigned int number)
{
	static const char *const status[] = { "503 Service Unavailable", "500 Oops" };

	(void)p;
	http_peer_reply(fd, number < 2 ? status[number] : "200 OK", "", "");
}

static void webhook_tries_again_what_a_server_could_not_take(void **state)
{
	struct skep_sink *sink = open_hook(twice_busy, "");

	(void)state;
	write_events(sink, &source, 0, 3);
	skep_sink_flush(sink, true);
	assert_int_equal(peer.n, 3);
	assert_string_equal(peer.requests[0].body, peer.requests[2].body);
	assert_int_equal(sink->delivered, 3);
	assert_int_equal(sink->lost, 0);
	close_hook(sink);
}

static void asks_for_patience(struct http_peer *p, int fd, unsigned int number)
{
	(void)p;
	http_peer_reply(fd, number ? "204 No Content" : "429 Too Many Requests",
			number ? "" : "Retry-After: 1\r\n", "");
}

static void webhook_waits_as_long_as_it_is_asked_to(void **state)
{
	struct skep_sink *sink = open_hook(asks_for_patience, ",batch=1");
	double start = seconds_now();

	(void)state;
	write_events(sink, &source, 0, 1);
	while (peer.n < 2 && seconds_now() < start + 5) {
		skep_sink_flush(sink, false);
		usleep(20000);
	}
	assert_int_equal(peer.n, 2);
	assert_true(seconds_now() - start >= 1);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 1);
	close_hook(sink);
}

static void refuses(struct http_peer *p, int fd, unsigned int number)
{
	(void)p;
	(void)number;
	http_peer_reply(fd, "400 Bad Request", "", "no such\x1b field\nmore");
}

static void webhook_loses_what_is_refused_and_goes_on(void **state)
{
	struct skep_sink *sink = open_hook(refuses, ",batch=2");

	(void)state;
	write_events(sink, &source, 0, 4);
	skep_sink_flush(sink, true);
	assert_int_equal(peer.n, 2);
	assert_int_equal(sink->delivered, 0);
	assert_int_equal(sink->lost, 4);
	assert_error_says(&sink->failed, "the server answered 400; it says: no such\\x1b field");
	close_hook(sink);
}

static void points_elsewhere(struct http_peer *p, int fd, unsigned int number)
{
	char headers[128];

	(void)number;
	snprintf(headers, sizeof(headers), "Location: %s/elsewhere\r\n", p->url);
	http_peer_reply(fd, "307 Temporary Redirect", headers, "");
}

static void webhook_is_not_sent_elsewhere(void **state)
{
	struct skep_sink *sink = open_hook(points_elsewhere, "");

	(void)state;
	write_events(sink, &source, 0, 1);
	skep_sink_flush(sink, true);
	assert_int_equal(peer.n, 1);
	assert_int_equal(sink->lost, 1);
	assert_error_says(&sink->failed, "answered 307; it points elsewhere");
	close_hook(sink);
}

static void says_nothing_then_garbage(struct http_peer *p, int fd, unsigned int number)
{
	(void)p;
	if (number == 1)
		http_peer_say(fd, "\x16\x03\x01 not HTTP at all\r\n\r\n");
	if (number == 2)
		http_peer_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
	if (number == 3)
		http_peer_reply(fd, "200 OK", "", "");
}

static void webhook_tries_again_after_answers_that_are_none(void **state)
{
	struct skep_sink *sink = open_hook(says_nothing_then_garbage, ",batch=1");
	double start = seconds_now();

	(void)state;
	write_events(sink, &source, 0, 1);
	while (peer.n < 4 && seconds_now() < start + 15) {
		skep_sink_flush(sink, false);
		usleep(10000);
	}
	skep_sink_flush(sink, true);
	assert_int_equal(peer.n, 4);
	assert_int_equal(sink->lost, 0);
	close_hook(sink);
}

static void never_ends(struct http_peer *p, int fd, unsigned int number)
{
	static char block[65536];

	(void)number;
	memset(block, 'x', sizeof(block) - 1);
	if (p->ctx)
		http_peer_say(fd, "HTTP/1.1 200 OK\r\n");
	else
		http_peer_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
	for (int i = 0; i < 16384; i++) {
		if (p->ctx && !http_peer_say(fd, "X-More: 0123456789012345678901234567890\r\n"))
			break;
		if (!p->ctx && !http_peer_say(fd, block))
			break;
	}
}

static long resident(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void webhook_reads_no_more_of_an_answer_than_it_needs(void **state)
{
	struct skep_sink *sink = open_hook(never_ends, ",retries=0");
	double start = seconds_now();
	long before = resident();

	(void)state;
	write_events(sink, &source, 0, 1);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 1);
	peer.ctx = sink;
	write_events(sink, &source, 1, 2);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->lost, 1);
	assert_error_says(&sink->failed, "the server's headers do not end");
	assert_true(seconds_now() - start < 3);
	assert_true(resident() - before < 8192);
	close_hook(sink);
}

static void hangs(struct http_peer *p, int fd, unsigned int number)
{
	(void)number;
	http_peer_hang(p, fd);
}

static void webhook_waits_for_no_server_that_does_not_answer(void **state)
{
	struct skep_sink *sink = open_hook(hangs, ",batch=100,queue=64K,timeout=300ms");
	double start = seconds_now();

	(void)state;
	write_events(sink, &source, 0, 5000);
	skep_sink_flush(sink, false);
	assert_true(seconds_now() - start < 3);
	assert_true(sink->lost > 3000);
	skep_sink_flush(sink, true);
	assert_true(seconds_now() - start < 7);
	assert_int_equal(sink->lost, 5000);
	assert_int_equal(sink->delivered, 0);
	assert_error_says(&sink->failed, "imed out");
	close_hook(sink);
}

static void webhook_counts_all_as_lost_where_there_is_no_server(void **state)
{
	char spec[128];
	struct skep_sink *sink;

	(void)state;
	http_peer_start(&peer, NULL);
	snprintf(spec, sizeof(spec), "webhook:%s", peer.url);
	http_peer_stop(&peer);
	sink = open_sink(spec);
	write_events(sink, &source, 0, 10);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->lost, 10);
	assert_int_equal(sink->delivered, 0);
	assert_error_says(&sink->failed, "127.0.0.1");
	skep_sink_close(sink);
}

static void webhook_shows_its_token_to_the_server_only(void **state)
{
	char path[] = "/tmp/skep-token-XXXXXX", settings[128], text[4096];
	int fd = mkstemp(path);
	struct skep_sink *sink;

	(void)state;
	assert_int_equal(write(fd, "s3cret\n", 7), 7);
	close(fd);
	snprintf(settings, sizeof(settings), ",token_file=%s", path);
	sink = open_hook(refuses, settings);
	unlink(path);
	write_events(sink, &source, 0, 1);
	skep_sink_flush(sink, true);
	assert_non_null(strstr(peer.requests[0].head, "Authorization: Bearer s3cret\r\n"));
	skep_error_format(&sink->failed, text, sizeof(text));
	assert_null(strstr(text, "s3cret"));
	close_hook(sink);
	setenv("SKEP_WEBHOOK_TOKEN", "fr0m-env", 1);
	sink = open_hook(NULL, "");
	unsetenv("SKEP_WEBHOOK_TOKEN");
	write_events(sink, &source, 0, 1);
	skep_sink_flush(sink, true);
	assert_non_null(strstr(peer.requests[0].head, "Authorization: Bearer fr0m-env\r\n"));
	close_hook(sink);
}

static void webhook_refuses_what_cannot_be(void **state)
{
	(void)state;
	assert_refused("webhook:", "no URL of HTTP");
	assert_refused("webhook:ftp://a/b", "no URL of HTTP");
	assert_refused("webhook:file:///etc/passwd", "no URL of HTTP");
	assert_refused("webhook:http://u:p4ss@127.0.0.1/", "does not belong on a command line");
	assert_refused("webhook:http://a/,header=Authorization: x", "token_file=FILE");
	assert_refused("webhook:http://a/,header=none", "header is NAME:VALUE");
	assert_refused("webhook:http://a/,batch=0", "between 1 and 100000");
	assert_refused("webhook:http://a/,body=xml", "array, lines");
	assert_refused("webhook:http://a/,token_file=/nowhere", "cannot be read");
	assert_refused("webhook:@/nowhere", "cannot be read");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(webhook_posts_a_json_array),
		cmocka_unit_test(webhook_posts_lines_of_json),
		cmocka_unit_test(webhook_sends_batches_in_order),
		cmocka_unit_test(webhook_sends_what_has_waited_long_enough),
		cmocka_unit_test(webhook_tries_again_what_a_server_could_not_take),
		cmocka_unit_test(webhook_waits_as_long_as_it_is_asked_to),
		cmocka_unit_test(webhook_loses_what_is_refused_and_goes_on),
		cmocka_unit_test(webhook_is_not_sent_elsewhere),
		cmocka_unit_test(webhook_tries_again_after_answers_that_are_none),
		cmocka_unit_test(webhook_reads_no_more_of_an_answer_than_it_needs),
		cmocka_unit_test(webhook_waits_for_no_server_that_does_not_answer),
		cmocka_unit_test(webhook_counts_all_as_lost_where_there_is_no_server),
		cmocka_unit_test(webhook_shows_its_token_to_the_server_only),
		cmocka_unit_test(webhook_refuses_what_cannot_be),
	};

	return cmocka_run_group_tests_name("stream_webhook", tests, set_up, tear_down);
}
