// SPDX-License-Identifier: MIT
/* skep run -o with servers: those that take what they get, and those that are gone. */
#include "cli/run_objects.h"
#include "daemon.h"
#include "unit/stream/net/http_peer.h"
#include "unit/stream/support.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static struct http_peer peer;
static char folder[64];

static int set_up(void **state)
{
	strcpy(folder, "/tmp/skep-servers-XXXXXX");
	assert_non_null(mkdtemp(folder));
	return run_setup(state);
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static int datagrams(uint16_t *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), size = 1 << 20;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

/* How many of the datagrams that have come are messages with this. */
static unsigned int messages(int fd, const char *part)
{
	char text[4096];
	unsigned int n = 0;
	ssize_t len;

	while ((len = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT)) > 0) {
		text[len] = '\0';
		n += !!strstr(text, part);
	}
	return n;
}

/* How often requests to this path have the word in their bodies. */
static unsigned int posted(const char *path, const char *word)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < peer.n; i++) {
		const struct http_request *r = &peer.requests[i];

		if (!strstr(r->head, path))
			continue;
		for (const char *at = r->body;
		     (at = memmem(at, r->len - (size_t)(at - r->body), word, strlen(word))); at++)
			n++;
	}
	return n;
}

static void run_sends_records_to_servers_of_all_kinds(void **state)
{
	char webhook[128], otlp[128], syslog[128];
	struct run_result r;
	uint16_t port;
	int fd = datagrams(&port);
	size_t lines;

	(void)state;
	http_peer_start(&peer, NULL);
	snprintf(webhook, sizeof(webhook), "webhook:%s,body=lines", peer.url);
	snprintf(otlp, sizeof(otlp), "otlp:http://127.0.0.1:%u,count=n", peer.port);
	snprintf(syslog, sizeof(syslog), "syslog:udp:127.0.0.1:%u", port);
	RUN(&r, "skep", "run", events, "-o", "jsonl", "-o", webhook, "-o", otlp, "-o", syslog, "--",
	    emitter, "50");
	lines = count_lines(r.out);
	assert_run(&r, r.status == 0 && lines >= 50);
	assert_int_equal(posted("/in ", "\"comm\":\"emitter\""), lines);
	assert_int_equal(posted("/v1/logs ", "comm=emitter"), lines);
	assert_true(posted("/v1/metrics ", "skep_records") > 0);
	assert_int_equal(messages(fd, " comm=\"emitter\" "), lines);
	run_free(&r);
	http_peer_stop(&peer);
	close(fd);
}

static void run_goes_on_when_servers_are_gone(void **state)
{
	struct run_opts opts = { .timeout_ms = 30000 };
	char webhook[128], otlp[128], syslog[128], nats[128];
	double start = seconds_now();
	struct run_result r;
	uint16_t port = free_port(SOCK_STREAM);

	(void)state;
	snprintf(webhook, sizeof(webhook), "webhook:http://127.0.0.1:%u/in", port);
	snprintf(otlp, sizeof(otlp), "otlp:http://127.0.0.1:%u", port);
	snprintf(syslog, sizeof(syslog), "syslog:tcp:127.0.0.1:%u", port);
	snprintf(nats, sizeof(nats), "nats:nats://127.0.0.1:%u", port);
	RUN_OPTS(&r, &opts, "skep", "run", events, "-o", "jsonl", "-o", webhook, "-o", otlp, "-o",
		 syslog, "-o", nats, "--", emitter, "50");
	assert_run(&r, r.status == 1 && count_lines(r.out) >= 50);
	assert_run(&r, strstr(r.err, "output 'webhook:http://127.0.0.1:"));
	assert_run(&r, strstr(r.err, "output 'otlp:http://127.0.0.1:"));
	assert_run(&r, strstr(r.err, "output 'syslog:tcp:127.0.0.1:"));
	assert_run(&r, strstr(r.err, "output 'nats:nats://127.0.0.1:"));
	assert_run(&r, strstr(r.err, "Failed to connect to 127.0.0.1 port "));
	assert_run(&r, strstr(r.err, "syslog cannot be reached at 127.0.0.1:"));
	assert_run(&r, strstr(r.err, "the NATS server cannot be reached"));
	assert_true(seconds_now() - start < 15);
	run_free(&r);
}

#define NEED_TLS()                                                     \
	NEED(daemon_is_there("openssl") && daemon_is_there("python3"), \
	     "a server of TLS needs Debian's openssl and python3")

/* A server with a certificate of its own making, whose file is FOLDER/cert. */
static pid_t start_tls(uint16_t *port)
{
	char command[768], script[256], cert[96], at[96], body[96], *text;
	pid_t pid;

	snprintf(cert, sizeof(cert), "%s/cert", folder);
	snprintf(at, sizeof(at), "%s/port", folder);
	snprintf(body, sizeof(body), "%s/body", folder);
	snprintf(command, sizeof(command),
		 "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
		 "-subj /CN=skep -addext subjectAltName=IP:127.0.0.1 -keyout %s/key -out %s/crt "
		 "2>/dev/null && cat %s/key %s/crt >%s",
		 folder, folder, folder, folder, cert);
	assert_int_equal(system(command), 0);
	snprintf(script, sizeof(script), "%s/tests/cli/stream/tls_server.py",
		 getenv("SKEP_SOURCE"));
	pid = daemon_start((const char *const[]){ "python3", script, cert, at, body, NULL });
	text = file_text(at);
	assert_non_null(text);
	*port = (uint16_t)atoi(text);
	free(text);
	return pid;
}

static void certificates_are_checked(void **state)
{
	struct skep_source raw = { .name = "raw" };
	char spec[256], body[96], *text;
	struct skep_sink *sink;
	uint16_t port = 0;
	pid_t pid;

	(void)state;
	NEED_TLS();
	pid = start_tls(&port);
	snprintf(body, sizeof(body), "%s/body", folder);
	snprintf(spec, sizeof(spec), "webhook:https://127.0.0.1:%u/", port);
	sink = open_sink(spec);
	skep_sink_write(sink, &raw, "\x01", 1);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->lost, 1);
	assert_error_says(&sink->failed, "certificate");
	assert_int_not_equal(access(body, F_OK), 0);
	skep_sink_close(sink);
	snprintf(spec, sizeof(spec), "webhook:https://127.0.0.1:%u/,ca=%s/crt", port, folder);
	sink = open_sink(spec);
	skep_sink_write(sink, &raw, "\x01", 1);
	skep_sink_flush(sink, true);
	assert_ok(!sink->lost, &sink->failed);
	skep_sink_close(sink);
	/* The name must be right as well. */
	snprintf(spec, sizeof(spec), "webhook:https://localhost:%u/,ca=%s/crt", port, folder);
	sink = open_sink(spec);
	skep_sink_write(sink, &raw, "\x01", 1);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->lost, 1);
	skep_sink_close(sink);
	daemon_stop(pid, true);
	text = file_text(body);
	assert_string_equal(text, "[{\"bytes\":\"01\"}]\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_sends_records_to_servers_of_all_kinds),
		cmocka_unit_test(run_goes_on_when_servers_are_gone),
		cmocka_unit_test(certificates_are_checked),
	};

	return cmocka_run_group_tests_name("stream_run", tests, set_up, tear_down);
}
