// SPDX-License-Identifier: MIT
/* What a real Prometheus makes of what it is told. */
#include "daemon.h"
#include "unit/stream/support.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stream/prometheus/prometheus.h"

static struct skep_schema *schema;
static struct skep_source source = { .name = "events" };
static struct skep_sink *sink;
static char folder[64], reply[1 << 20];
static pid_t server;

static int set_up(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/skep-prometheus-XXXXXX");
	source.schema = schema = event_schema();
	server = 0;
	sink = NULL;
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	daemon_stop(server, false);
	skep_sink_close(sink);
	skep_schema_free(schema);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

#define NEED_PROMETHEUS()                                                  \
	NEED(daemon_is_there("prometheus") && daemon_is_there("promtool"), \
	     "Debian's prometheus is not installed")

static uint16_t port_of_sink(void)
{
	return ((const struct skep_prometheus *)sink->state)->port;
}

/* The body of what a server of loopback answers, in static storage. */
static const char *get(uint16_t port, const char *path, const char *accept)
{
	const struct sockaddr_in address = { .sin_family = AF_INET,
					     .sin_port = htons(port),
					     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t len = 0;
	char *body;
	ssize_t n;

	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	dprintf(fd, "GET %s HTTP/1.0\r\nAccept: %s\r\n\r\n", path, accept);
	while ((n = recv(fd, reply + len, sizeof(reply) - 1 - len, 0)) > 0)
		len += (size_t)n;
	close(fd);
	reply[len] = '\0';
	body = strstr(reply, "\r\n\r\n");
	return body ? body + 4 : reply;
}

static uint16_t start_prometheus(void)
{
	char config[128], storage[128], listen[64], config_option[160], storage_option[160];
	uint16_t port = free_port(SOCK_STREAM);
	FILE *out;

	snprintf(config, sizeof(config), "%s/prometheus.yml", folder);
	snprintf(storage, sizeof(storage), "%s/data", folder);
	snprintf(listen, sizeof(listen), "--web.listen-address=127.0.0.1:%u", port);
	snprintf(config_option, sizeof(config_option), "--config.file=%s", config);
	snprintf(storage_option, sizeof(storage_option), "--storage.tsdb.path=%s", storage);
	out = fopen(config, "w");
	fprintf(out,
		"global: {scrape_interval: 250ms, scrape_timeout: 250ms}\n"
		"scrape_configs:\n"
		"  - job_name: skep\n"
		"    static_configs: [{targets: ['127.0.0.1:%u']}]\n",
		port_of_sink());
	fclose(out);
	server = daemon_start(
		(const char *const[]){ "prometheus", config_option, storage_option, listen, NULL });
	assert_true(port_answers(port));
	return port;
}

/* Asks until the answer has @part: a scrape comes every now and then. */
static void answers(uint16_t port, const char *query, const char *part)
{
	char path[512];

	snprintf(path, sizeof(path), "/api/v1/query?query=%s", query);
	for (int i = 0; i < 100; i++) {
		if (strstr(get(port, path, "*/*"), part))
			return;
		usleep(200000);
	}
	fail_msg("no '%s' in the answer to %s: %.1000s", part, query, reply);
}

static void send_events(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct event event = event_of(1000 + i % 3);

		event.bytes = 1 + i;
		assert_false(skep_sink_write(sink, &source, &event, sizeof(event)));
	}
}

static void prometheus_has_the_values_of_the_records(void **state)
{
	struct skep_error err = { 0 };
	uint16_t port;

	(void)state;
	NEED_PROMETHEUS();
	sink = skep_sink_open("prometheus:127.0.0.1:0,count=calls by comm pid,"
			      "count=moved_bytes of bytes,gauge=last_pid of pid,"
			      "histogram=size_bytes of bytes by comm buckets 10 50",
			      &err);
	assert_ok(sink, &err);
	send_events(90);
	port = start_prometheus();
	answers(port, "calls_total%7Bcomm%3D%22cat%22,pid%3D%221001%22%7D", ",\"30\"]");
	answers(port, "moved_bytes_total", ",\"4095\"]");
	answers(port, "last_pid", ",\"1002\"]");
	answers(port, "size_bytes_bucket%7Ble%3D%2250.0%22%7D", ",\"50\"]");
	answers(port, "size_bytes_count", ",\"90\"]");
	answers(port, "histogram_quantile(0.1,size_bytes_bucket)", ",\"9\"]");
	answers(port, "skep_records_total%7Bsource%3D%22events%22%7D", ",\"90\"]");
	answers(port, "up", ",\"1\"]");
	/* What comes later is seen by a later scrape. */
	send_events(10);
	answers(port, "skep_records_total", ",\"100\"]");
}

/* promtool reads the metrics as Prometheus does, and has opinions about their names. */
static void promtool_has_no_complaints(void **state)
{
	char command[256], found[1024];
	struct skep_error err = { 0 };
	size_t n;
	FILE *f;

	(void)state;
	NEED_PROMETHEUS();
	sink = skep_sink_open("prometheus:127.0.0.1:0,count=calls by comm,gauge=last_size of bytes,"
			      "histogram=request_size of bytes",
			      &err);
	assert_ok(sink, &err);
	send_events(5);
	for (int i = 0; i < 2; i++) {
		snprintf(command, sizeof(command), "promtool check metrics >%s/out 2>&1", folder);
		f = popen(command, "we");
		fputs(get(port_of_sink(), "/metrics", i ? "*/*" : "text/plain"), f);
		n = (size_t)pclose(f);
		snprintf(command, sizeof(command), "%s/out", folder);
		f = fopen(command, "re");
		found[fread(found, 1, sizeof(found) - 1, f)] = '\0';
		fclose(f);
		if (n || found[0])
			fail_msg("%zu: %s", n, found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(prometheus_has_the_values_of_the_records, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(promtool_has_no_complaints, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("stream_prometheus_server", tests, NULL, NULL);
}
