// SPDX-License-Identifier: MIT
/* What is sent, read by protoc with the public definition of the protocol. */
#include "daemon.h"
#include "unit/stream/net/http_peer.h"
#include "unit/stream/support.h"

#include <sys/wait.h>
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

#define NEED_PROTOC() NEED(daemon_is_there("protoc"), "Debian's protobuf-compiler is not installed")

static struct skep_sink *open_otlp(http_peer_fn answer, const char *settings)
{
	char spec[256];

	http_peer_start(&peer, answer);
	snprintf(spec, sizeof(spec), "otlp:http://127.0.0.1:%u/%s", peer.port, settings);
	return open_sink(spec);
}

static void close_otlp(struct skep_sink *sink)
{
	skep_sink_close(sink);
	http_peer_stop(&peer);
}

/* What protoc makes of @in, which it --decodes or --encodes; in static storage. */
static size_t protoc(const char *how, const void *in, size_t len, char *out, size_t size)
{
	char path[] = "/tmp/skep-protoc-XXXXXX", command[512];
	int fd = mkstemp(path);
	FILE *f;
	size_t n;

	assert_int_equal(write(fd, in, len), (ssize_t)len);
	close(fd);
	snprintf(command, sizeof(command),
		 "protoc %s -I \"$SKEP_SOURCE/tests/cli/stream\" otlp.proto <%s", how, path);
	f = popen(command, "re");
	n = fread(out, 1, size - 1, f);
	out[n] = '\0';
	assert_int_equal(pclose(f), 0);
	unlink(path);
	return n;
}

/* The request of this number as protoc's text, of which each line is known to the definition. */
static const char *decoded(unsigned int number, const char *message)
{
	static char text[1 << 20];
	char how[128];

	assert_true(number < peer.n);
	snprintf(how, sizeof(how), "--decode=otlp.%s", message);
	protoc(how, peer.requests[number].body, peer.requests[number].len, text, sizeof(text));
	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		const char *word = line + strspn(line, " ");

		if (*word >= '0' && *word <= '9')
			fail_msg("a field that the definition does not have: %.80s", word);
	}
	return text;
}

#define assert_has(text, part)                                        \
	do {                                                          \
		if (!strstr((text), (part)))                          \
			fail_msg("no \"%s\" in: %s", (part), (text)); \
	} while (0)

#define ATTRIBUTE(key, kind, value)                        \
	"attributes {\n        key: \"" key "\"\n        " \
	"value {\n          " kind "_value: " value "\n        }\n      }\n"

static void otlp_sends_records_as_logs(void **state)
{
	struct event event = { .pid = 7, .ret = -2, .comm = "a\xff", .bytes = UINT64_MAX };
	struct skep_sink *sink;
	const char *text;

	(void)state;
	NEED_PROTOC();
	sink = open_otlp(NULL, ",service=tool,severity=warn");
	sink->time = 1700000000123456789;
	skep_sink_write(sink, &source, &event, sizeof(event));
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 1);
	assert_int_equal(sink->lost, 0);
	assert_non_null(strstr(peer.requests[0].head, "POST /v1/logs HTTP/1.1\r\n"));
	assert_non_null(strstr(peer.requests[0].head, "Content-Type: application/x-protobuf\r\n"));
	text = decoded(0, "ExportLogsServiceRequest");
	assert_has(text, "key: \"service.name\"\n      value {\n        string_value: \"tool\"");
	assert_has(text, "key: \"host.name\"");
	assert_has(text, "scope {\n      name: \"skep\"\n      version: \"");
	assert_has(text, "time_unix_nano: 1700000000123456789\n");
	assert_has(text, "observed_time_unix_nano: 1700000000123456789\n");
	assert_has(text, "severity_number: SEVERITY_NUMBER_WARN\n      severity_text: \"warn\"");
	assert_has(text, "body {\n        string_value: \"pid=7 ret=-2 comm=");
	assert_has(text, ATTRIBUTE("pid", "int", "7"));
	assert_has(text, ATTRIBUTE("ret", "int", "-2"));
	assert_has(text, ATTRIBUTE("comm", "string", "\"a\\357\\277\\275\""));
	assert_has(text, ATTRIBUTE("bytes", "string", "\"18446744073709551615\""));
	assert_has(text, ATTRIBUTE("skep.source", "string", "\"events\""));
	assert_has(text, "event_name: \"events\"");
	close_otlp(sink);
}

static void otlp_sends_bytes_of_unknown_type(void **state)
{
	struct skep_source raw = { .name = "raw" };
	struct skep_source lines = { .name = "lines", .is_text = true, .index = 1 };
	struct skep_sink *sink;
	const char *text;

	(void)state;
	NEED_PROTOC();
	sink = open_otlp(NULL, ",body=no");
	skep_sink_write(sink, &raw, "\x01\xff", 2);
	skep_sink_write(sink, &lines, "one line\n", 9);
	skep_sink_flush(sink, true);
	assert_int_equal(peer.n, 1);
	text = decoded(0, "ExportLogsServiceRequest");
	assert_has(text, "body {\n        bytes_value: \"\\001\\377\"");
	assert_has(text, "body {\n        string_value: \"one line\"");
	close_otlp(sink);
}

static void otlp_sends_each_record_once(void **state)
{
	struct skep_sink *sink;
	unsigned int n = 0;

	(void)state;
	NEED_PROTOC();
	sink = open_otlp(NULL, ",batch=300,body=no");
	for (uint32_t at = 0; at < 1000; at += 100) {
		write_events(sink, &source, at, at + 100);
		skep_sink_flush(sink, false);
	}
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 1000);
	assert_int_equal(peer.n, 4);
	for (unsigned int i = 0; i < peer.n; i++) {
		const char *at = decoded(i, "ExportLogsServiceRequest");

		while ((at = strstr(at, "key: \"pid\"")))
			at = strstr(at, "int_value: ") + 11, assert_int_equal(atoi(at), n++);
	}
	assert_int_equal(n, 1000);
	close_otlp(sink);
}

static void takes_most(struct http_peer *p, int fd, unsigned int number)
{
	static const char words[] = "partial_success { rejected: 3 error_message: \"too old\" }";
	char body[256], head[256];
	size_t len = protoc("--encode=otlp.ExportServiceResponse", words, sizeof(words) - 1, body,
			    sizeof(body));

	(void)p;
	(void)number;
	snprintf(head, sizeof(head),
		 "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n", len);
	http_peer_say(fd, head);
	assert_int_equal(write(fd, body, len), (ssize_t)len);
}

static void otlp_counts_what_a_collector_rejected(void **state)
{
	struct skep_sink *sink;

	(void)state;
	NEED_PROTOC();
	sink = open_otlp(takes_most, "");
	write_events(sink, &source, 0, 10);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 7);
	assert_int_equal(sink->lost, 3);
	assert_error_says(&sink->failed, "rejected some of a request; it says: too old");
	close_otlp(sink);
}

static void otlp_sends_metrics_of_records(void **state)
{
	struct skep_sink *sink;
	const char *text;

	(void)state;
	NEED_PROTOC();
	sink = open_otlp(NULL, ",signals=metrics,count=calls by comm,count=sent of bytes,"
			       "gauge=last of pid,histogram=pids of pid buckets 10 20.5");
	write_events(sink, &source, 1, 31);
	skep_sink_missed(sink, &source, 5);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 30);
	assert_ok(!sink->lost, &sink->failed);
	assert_int_equal(peer.n, 1);
	assert_non_null(strstr(peer.requests[0].head, "POST /v1/metrics HTTP/1.1\r\n"));
	text = decoded(0, "ExportMetricsServiceRequest");
	assert_has(text, "key: \"service.name\"");
	assert_has(text, "name: \"calls\"\n      sum {\n        data_points {");
	assert_has(text, "as_int: 30\n          attributes {\n            key: \"comm\"\n"
			 "            value {\n              string_value: \"cat\"");
	assert_has(text, "aggregation_temporality: AGGREGATION_TEMPORALITY_CUMULATIVE\n"
			 "        is_monotonic: true");
	assert_has(text, "as_double: 32985348833280\n");
	assert_has(text, "name: \"last\"\n      gauge {\n        data_points {");
	assert_has(text, "as_double: 30\n");
	assert_has(text, "name: \"pids\"\n      histogram {\n        data_points {");
	assert_has(text, "count: 30\n          sum: 465\n          bucket_counts: 10\n"
			 "          bucket_counts: 10\n          bucket_counts: 10\n"
			 "          explicit_bounds: 10\n          explicit_bounds: 20.5\n");
	assert_has(text, "name: \"skep_records\"\n");
	assert_has(text, "as_int: 5\n          attributes {\n            key: \"source\"\n");
	close_otlp(sink);
}

static void otlp_sends_metrics_beside_logs(void **state)
{
	double start = seconds_now();
	struct skep_sink *sink;
	unsigned int metrics = 0, logs = 0;

	(void)state;
	NEED_PROTOC();
	sink = open_otlp(NULL, ",count=calls,interval=200ms,every=100ms");
	for (uint32_t i = 0; seconds_now() - start < 1; i++) {
		write_events(sink, &source, i, i + 1);
		skep_sink_flush(sink, false);
		usleep(20000);
	}
	skep_sink_flush(sink, true);
	assert_ok(!sink->lost && sink->delivered, &sink->failed);
	for (unsigned int i = 0; i < peer.n; i++)
		if (strstr(peer.requests[i].head, "POST /v1/metrics "))
			metrics++, decoded(i, "ExportMetricsServiceRequest");
		else
			logs++, decoded(i, "ExportLogsServiceRequest");
	assert_in_range(metrics, 3, 7);
	assert_in_range(logs, 5, 12);
	close_otlp(sink);
}

static void takes_no_metrics(struct http_peer *p, int fd, unsigned int number)
{
	bool is_logs = strstr(p->requests[number].head, "/v1/logs ");

	http_peer_reply(fd, is_logs ? "200 OK" : "404 Not Found", "", "");
}

static void otlp_tells_that_metrics_were_not_taken(void **state)
{
	struct skep_sink *sink;

	(void)state;
	sink = open_otlp(takes_no_metrics, ",signals=metrics");
	write_events(sink, &source, 0, 10);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->lost, 10);
	assert_int_equal(sink->delivered, 0);
	assert_error_says(&sink->failed, "the server answered 404");
	close_otlp(sink);
	sink = open_otlp(takes_no_metrics, ",signals=both");
	write_events(sink, &source, 0, 10);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 10);
	assert_error_says(&sink->failed, "the server answered 404");
	close_otlp(sink);
}

static void otlp_survives_servers_that_are_none(void **state)
{
	struct skep_sink *sink;

	(void)state;
	assert_refused("otlp:localhost:4318", "no URL of HTTP");
	assert_refused("otlp:http://a:b@localhost:4318", "does not belong on a command line");
	assert_refused("otlp:http://localhost:4318,severity=loud", "trace, debug, info");
	sink = open_sink("otlp:http://127.0.0.1:1");
	write_events(sink, &source, 0, 10);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 0);
	assert_int_equal(sink->lost, 10);
	skep_sink_close(sink);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(otlp_sends_records_as_logs),
		cmocka_unit_test(otlp_sends_bytes_of_unknown_type),
		cmocka_unit_test(otlp_sends_each_record_once),
		cmocka_unit_test(otlp_counts_what_a_collector_rejected),
		cmocka_unit_test(otlp_sends_metrics_of_records),
		cmocka_unit_test(otlp_sends_metrics_beside_logs),
		cmocka_unit_test(otlp_tells_that_metrics_were_not_taken),
		cmocka_unit_test(otlp_survives_servers_that_are_none),
	};

	return cmocka_run_group_tests_name("stream_otlp", tests, set_up, tear_down);
}
