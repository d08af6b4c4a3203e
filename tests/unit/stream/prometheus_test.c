// SPDX-License-Identifier: MIT
/* The server of metrics: addresses, formats, and clients that are no friends. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "unit/record/support.h"

#include "stream/delivery.h"
#include "stream/prometheus/prometheus.h"

static struct skep_schema *schema;
static struct skep_source source;
static char reply[1 << 20];

static int make_schema(void **state)
{
	struct skep_btf_builder *b = new_types();

	(void)state;
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "event", 4);
	skep_btf_builder_member(b, "pid", U32, 0, 0);
	schema = last_type(b);
	source = (struct skep_source){ .name = "events", .schema = schema };
	return 0;
}

static int free_schema(void **state)
{
	(void)state;
	skep_schema_free(schema);
	return 0;
}

static struct skep_sink *open_sink(const char *spec)
{
	struct skep_error err = { 0 };
	struct skep_sink *sink = skep_sink_open(spec, &err);

	assert_ok(sink, &err);
	return sink;
}

static uint16_t port_of(const struct skep_sink *sink)
{
	return ((const struct skep_prometheus *)sink->state)->port;
}

static int connect_to(const struct skep_sink *sink)
{
	const struct sockaddr_in address = { .sin_family = AF_INET,
					     .sin_port = htons(port_of(sink)),
					     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* All that comes within five seconds, up to the connection's end. */
static const char *read_reply(int fd)
{
	struct pollfd in = { .fd = fd, .events = POLLIN };
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && len < sizeof(reply) - 1 && poll(&in, 1, 5000) == 1) {
		n = recv(fd, reply + len, sizeof(reply) - 1 - len, 0);
		len += n > 0 ? (size_t)n : 0;
	}
	reply[len] = '\0';
	close(fd);
	return reply;
}

static const char *request(const struct skep_sink *sink, const char *text)
{
	int fd = connect_to(sink);

	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
	return read_reply(fd);
}

#define END "Host: x\r\nConnection: close\r\n\r\n"

static const char *get(const struct skep_sink *sink, const char *path)
{
	char text[256];

	snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\n" END, path);
	return request(sink, text);
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no '%s' in:\n%.2000s", part, text);
}

static void metrics_are_answered_in_both_formats(void **state)
{
	struct skep_sink *sink = open_sink("prometheus:127.0.0.1:0,count=calls by pid,sets=5");

	(void)state;
	assert_false(skep_sink_write(sink, &source, "\7\0\0", 4));
	skep_sink_missed(sink, &source, 3);
	has(get(sink, "/metrics"), "HTTP/1.1 200 OK\r\n");
	has(reply, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
	has(reply, "\ncalls_total{pid=\"7\"} 1\n");
	has(reply, "\nskep_records_missed_total{source=\"events\"} 3\n");
	assert_null(strstr(reply, "# EOF"));
	has(request(sink, "GET /metrics?x=1 HTTP/1.1\r\nAccept: application/openmetrics-text;"
			  "version=1.0.0,text/plain;q=0.5\r\n" END),
	    "Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n");
	has(reply, "# TYPE calls counter\n");
	has(reply, "\n# EOF\n");
	assert_false(skep_sink_flush(sink, true));
	skep_sink_close(sink);
}

static void other_questions_are_answered_with_no(void **state)
{
	struct skep_sink *sink = open_sink("prometheus:127.0.0.1:0");

	(void)state;
	has(get(sink, "/healthz"), "\r\n\r\nok\n");
	has(get(sink, "/"), "HTTP/1.1 404 ");
	has(reply, "see /metrics");
	has(get(sink, "/metrics/../etc/passwd"), "HTTP/1.1 404 ");
	has(request(sink, "HEAD /metrics HTTP/1.1\r\n" END), "HTTP/1.1 200 OK\r\n");
	assert_null(strstr(reply, "skep_records"));
	has(request(sink, "DELETE /metrics HTTP/1.1\r\n" END), "HTTP/1.1 405 ");
	has(reply, "Allow: GET, HEAD\r\n");
	has(request(sink, "POST /metrics HTTP/1.1\r\nContent-Length: 5\r\n" END "abcde"),
	    "HTTP/1.1 405 ");
	/* A body without end is not waited for. */
	has(request(sink, "PUT /metrics HTTP/1.1\r\nContent-Length: 1000000000\r\n" END "abc"),
	    "HTTP/1.1 405 ");
	skep_sink_close(sink);
}

static void accept_is_weighed(void **state)
{
	static const struct {
		const char *accept;
		bool is_open;
	} cases[] = {
		{ NULL, false },
		{ "", false },
		{ "*/*", false },
		{ "text/plain", false },
		{ "application/openmetrics-text", true },
		{ "Application/OpenMetrics-Text; version=1.0.0", true },
		{ "application/openmetrics-text;q=0.4,text/plain;q=0.5", false },
		{ "text/plain;version=0.0.4;q=0.5, application/openmetrics-text; q=0.75", true },
		{ "application/openmetrics-text;q=0", false },
		{ "application/openmetrics-textual", false },
		{ "application/openmetrics-text;q=", false },
		{ "application/openmetrics-text;;;q=1;,,,", true },
		{ "application/openmetrics-text;q=99999999999999999999", true },
		{ ",;=,;", false },
		{ "application/openmetrics-text;version=1.0.0,application/"
		  "openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
		  true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (skep_prometheus_prefers_open_metrics(cases[i].accept) != cases[i].is_open)
			fail_msg("%s", cases[i].accept);
}

static void refuses(const char *spec, const char *says)
{
	struct skep_error err = { 0 };

	if (skep_sink_open(spec, &err))
		fail_msg("opened: %s", spec);
	assert_error_says(&err, says);
}

static void addresses_that_cannot_be_are_refused(void **state)
{
	(void)state;
	refuses("prometheus:127.0.0.1:99999", "has no port between 0 and 65535");
	refuses("prometheus:127.0.0.1:", "has no port");
	refuses("prometheus:127.0.0.1:1x", "has no port");
	refuses("prometheus:127.0.0.1:-1", "has no port");
	refuses("prometheus:127.0.0.1", "has no port");
	refuses("prometheus:::1:80", "without its brackets");
	refuses("prometheus:example.org:80", "names are not looked up");
	refuses("prometheus:[127.0.0.1:80", "is no address");
	refuses("prometheus:[:80", "is no address");
	refuses("prometheus:1.2.3.4.5:80", "give ADDRESS:PORT");
	refuses("prometheus:192.0.2.1:0", "this machine has no address 192.0.2.1");
	refuses("prometheus:127.0.0.1:0,count=", "a metric needs a name");
	refuses("prometheus:127.0.0.1:0,sets=0", "give a number between 1 and");
	refuses("prometheus:127.0.0.1:0,config=/nowhere", "/nowhere");
}

static void a_port_in_use_names_who_has_it(void **state)
{
	struct skep_sink *sink = open_sink("prometheus::0");
	char spec[64], says[64];

	(void)state;
	snprintf(spec, sizeof(spec), "prometheus:localhost:%u", port_of(sink));
	snprintf(says, sizeof(says), "port %u of 127.0.0.1 is in use by '", port_of(sink));
	refuses(spec, says);
	snprintf(says, sizeof(says), "(pid %d)", getpid());
	refuses(spec, says);
	/* It is free again afterwards. */
	skep_sink_close(sink);
	skep_sink_close(open_sink(spec));
}

static void loopback_of_ipv6_is_listened_at(void **state)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const char text[] = "GET /healthz HTTP/1.1\r\n" END;
	struct skep_sink *sink;

	(void)state;
	NEED(fd >= 0 && !bind(fd, (struct sockaddr *)&address, sizeof(address)),
	     "there is no IPv6 here");
	close(fd);
	sink = open_sink("prometheus:[::1]:0");
	fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	address.sin6_port = htons(port_of(sink));
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
	has(read_reply(fd), "\r\n\r\nok\n");
	skep_sink_close(sink);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Some send half a request, some ask for much and read nothing. */
static void slow_clients_do_not_stop_others(void **state)
{
	static const char half[] = "GET /metrics HTTP/1.1\r\nHost: ",
			  whole[] = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
	struct skep_sink *sink = open_sink("prometheus:127.0.0.1:0,count=calls by pid,"
					   "sets=100000");
	int slow[20];
	double begin;

	(void)state;
	for (uint32_t pid = 0; pid < 100000; pid++)
		assert_false(skep_sink_write(sink, &source, &pid, sizeof(pid)));
	for (size_t i = 0; i < 20; i++) {
		const char *text = i % 2 ? half : whole;

		slow[i] = connect_to(sink);
		send(slow[i], text, strlen(text), MSG_NOSIGNAL);
	}
	begin = seconds();
	has(get(sink, "/healthz"), "\r\n\r\nok\n");
	for (uint32_t pid = 0; pid < 1000; pid++)
		assert_false(skep_sink_write(sink, &source, &pid, sizeof(pid)));
	has(get(sink, "/healthz"), "\r\n\r\nok\n");
	assert_true(seconds() - begin < 4);
	for (size_t i = 0; i < 20; i++)
		close(slow[i]);
	skep_sink_close(sink);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Sends without waiting for who does not listen. */
static void send_and_forget(const struct skep_sink *sink, const char *text, size_t len)
{
	int fd = connect_to(sink);
	ssize_t n = send(fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT);

	(void)n;
	if (len % 3)
		shutdown(fd, SHUT_WR);
	recv(fd, reply, sizeof(reply), MSG_DONTWAIT);
	close(fd);
}

static void put(char *at, const char *text)
{
	while (*text)
		*at++ = *text++;
}

static void damaged_requests_do_no_harm(void **state)
{
	static const char good[] = "GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: text/plain;q=0.5,"
				   "application/openmetrics-text\r\nContent-Length: 3\r\n\r\nabc";
	struct skep_sink *sink = open_sink("prometheus:127.0.0.1:0");
	static char large[200000];
	uint32_t seed = 12345;

	(void)state;
	for (int i = 0; i < 500; i++) {
		char text[sizeof(good)];
		size_t len = 1 + next_random(&seed) % (sizeof(good) - 1);

		memcpy(text, good, sizeof(good));
		for (uint32_t n = next_random(&seed) % 6; n; n--)
			text[next_random(&seed) % len] = (char)next_random(&seed);
		send_and_forget(sink, text, len);
	}
	memset(large, 'A', sizeof(large));
	send_and_forget(sink, large, sizeof(large));
	put(large, "GET /");
	send_and_forget(sink, large, sizeof(large));
	put(large, "GET / HTTP/1.1\r\nX: ");
	send_and_forget(sink, large, sizeof(large));
	for (size_t i = 16; i + 6 < sizeof(large); i += 6)
		put(large + i, "A: b\r\n");
	send_and_forget(sink, large, sizeof(large));
	has(get(sink, "/metrics"), "skep_records_total");
	skep_sink_close(sink);
}

static void metrics_that_no_record_has_are_told_at_the_end(void **state)
{
	struct skep_sink *sink = open_sink("prometheus:127.0.0.1:0,count=a by com,count=b");

	(void)state;
	assert_false(skep_sink_write(sink, &source, "\7\0\0", 4));
	assert_int_equal(skep_sink_flush(sink, true), -ENOENT);
	assert_error_says(&sink->failed, "records of 'events' have no column 'com'");
	assert_int_equal(sink->lost, 0);
	skep_sink_close(sink);
}

/* Two outputs of the same name are one series. */
static void losses_of_all_outputs_are_told(void **state)
{
	struct skep_error err = { 0 };
	struct skep_delivery *delivery = skep_delivery_new(NULL, &err);
	struct skep_sink *sink = open_sink("prometheus:127.0.0.1:0");
	const struct skep_source *added;
	struct pollfd nothing = { .fd = -1 };

	(void)state;
	assert_ok(delivery, &err);
	assert_ok(!skep_delivery_add(delivery, sink, &err), &err);
	assert_ok(!skep_delivery_add(delivery, open_sink("jsonl:/dev/full"), &err), &err);
	assert_ok(!skep_delivery_add(delivery, open_sink("jsonl:/dev/full"), &err), &err);
	added = skep_delivery_add_source(delivery, "events", schema, &err);
	assert_ok(added, &err);
	assert_ok(!skep_delivery_start(delivery, &err), &err);
	for (int i = 0; i < 100; i++) {
		skep_delivery_publish(delivery, added, 0, &i, sizeof(i));
		skep_delivery_flush(delivery);
		poll(&nothing, 1, 20);
		if (strstr(get(sink, "/metrics"), "{output=\"jsonl:/dev/full\"} 2"))
			break;
	}
	has(reply, "skep_output_lost_total{output=\"jsonl:/dev/full\"} 2");
	has(reply, "skep_output_lost_total{output=\"prometheus:127.0.0.1:0\"} 0\n");
	assert_null(strstr(strstr(reply, "jsonl:") + 1, "jsonl:"));
	has(reply, "skep_records_total{source=\"events\"} ");
	skep_delivery_end(delivery);
	assert_true(skep_delivery_free(delivery));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(metrics_are_answered_in_both_formats),
		cmocka_unit_test(other_questions_are_answered_with_no),
		cmocka_unit_test(accept_is_weighed),
		cmocka_unit_test(addresses_that_cannot_be_are_refused),
		cmocka_unit_test(a_port_in_use_names_who_has_it),
		cmocka_unit_test(loopback_of_ipv6_is_listened_at),
		cmocka_unit_test(slow_clients_do_not_stop_others),
		cmocka_unit_test(damaged_requests_do_no_harm),
		cmocka_unit_test(metrics_that_no_record_has_are_told_at_the_end),
		cmocka_unit_test(losses_of_all_outputs_are_told),
	};

	return cmocka_run_group_tests_name("stream_prometheus", tests, make_schema, free_schema);
}
