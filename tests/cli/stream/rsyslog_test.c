// SPDX-License-Identifier: MIT
/* What a real rsyslogd makes of the messages. */
#include "daemon.h"
#include "unit/stream/support.h"

#include <sys/socket.h>
#include <unistd.h>

static const char config[] =
	"module(load=\"imuxsock\" SysSock.Use=\"off\")\n"
	"module(load=\"imtcp\")\n"
	"module(load=\"imudp\")\n"
	"input(type=\"imuxsock\" Socket=\"%1$s/log\")\n"
	"input(type=\"imtcp\" address=\"127.0.0.1\" port=\"%2$u\")\n"
	"input(type=\"imudp\" address=\"127.0.0.1\" port=\"%3$u\")\n"
	"template(name=\"t\" type=\"string\" string=\"%%inputname%%|%%app-name%%|%%procid%%|"
	"%%msgid%%|%%structured-data%%|%%msg%%|%%pri%%|%%timereported:::date-rfc3339%%\\n\")\n"
	"action(type=\"omfile\" file=\"%1$s/out\" template=\"t\")\n";

static struct skep_schema *schema;
static struct skep_source source = { .name = "events" };
static char dir[] = "/tmp/skep-rsyslog-XXXXXX";
static uint16_t tcp, udp;
static pid_t daemon_pid;

static const char *in_dir(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int set_up(void **state)
{
	char conf[128], pid[128];
	FILE *f;

	(void)state;
	schema = event_schema();
	source.schema = schema;
	assert_non_null(mkdtemp(dir));
	tcp = free_port(SOCK_STREAM);
	udp = free_port(SOCK_DGRAM);
	snprintf(conf, sizeof(conf), "%s", in_dir("conf"));
	snprintf(pid, sizeof(pid), "%s", in_dir("pid"));
	f = fopen(conf, "we");
	fprintf(f, config, dir, tcp, udp);
	fclose(f);
	daemon_pid = daemon_start(
		(const char *const[]){ "rsyslogd", "-n", "-f", conf, "-i", pid, NULL });
	return 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = { "conf", "pid", "out", "log" };

	(void)state;
	daemon_stop(daemon_pid, true);
	skep_schema_free(schema);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(in_dir(names[i]));
	rmdir(dir);
	return 0;
}

/* A line of the daemon's file with @part; fails if it does not come. */
static void expect_line(const char *part)
{
	char *text = NULL;

	for (int i = 0; i < 100; i++) {
		free(text);
		text = file_text(in_dir("out"));
		if (text && strstr(text, part))
			break;
		usleep(50000);
	}
	if (!text || !strstr(text, part))
		fail_msg("no line with \"%s\" in: %s", part, text ? text : "nothing");
	free(text);
}

#define NEED_RSYSLOG() NEED(daemon_is_there("rsyslogd"), "Debian's rsyslog is not installed")

static void rsyslog_reads_structured_data_by_tcp(void **state)
{
	struct skep_sink *sink;
	char spec[128], part[128];

	(void)state;
	NEED_RSYSLOG();
	assert_true(port_answers(tcp));
	snprintf(spec, sizeof(spec), "syslog:tcp:127.0.0.1:%u,facility=local0", tcp);
	sink = open_sink(spec);
	sink->time = 1700000000123456789;
	write_events(sink, &source, 1, 1001);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 1000);
	assert_int_equal(sink->lost, 0);
	skep_sink_close(sink);
	for (uint32_t pid = 1; pid < 1001; pid += 333) {
		snprintf(part, sizeof(part),
			 "imtcp|skep|%d|events|[skep@32473 pid=\"%u\" ret=\"-2\" comm=\"cat\" "
			 "bytes=\"1099511627776\"]|pid=%u ",
			 (int)getpid(), pid, pid);
		expect_line(part);
	}
	expect_line("|134|2023-11-14T22:13:20.123456Z\n");
}

static void rsyslog_reads_datagrams(void **state)
{
	struct skep_sink *sink;
	char spec[128];

	(void)state;
	NEED_RSYSLOG();
	assert_true(port_answers(tcp));
	snprintf(spec, sizeof(spec), "syslog:udp:127.0.0.1:%u", udp);
	sink = open_sink(spec);
	write_events(sink, &source, 4242, 4243);
	skep_sink_flush(sink, true);
	skep_sink_close(sink);
	expect_line("|events|[skep@32473 pid=\"4242\" ");
}

static void rsyslog_reads_the_local_form(void **state)
{
	struct skep_sink *sink;
	char spec[128], part[128];

	(void)state;
	NEED_RSYSLOG();
	assert_true(port_answers(tcp));
	snprintf(spec, sizeof(spec), "syslog:unix:%s/log,tag=tool", dir);
	sink = open_sink(spec);
	write_events(sink, &source, 77, 78);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 1);
	skep_sink_close(sink);
	snprintf(part, sizeof(part), "imuxsock|tool|%d|-|-| events: pid=77 ret=-2 comm=cat ",
		 (int)getpid());
	expect_line(part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rsyslog_reads_structured_data_by_tcp),
		cmocka_unit_test(rsyslog_reads_datagrams),
		cmocka_unit_test(rsyslog_reads_the_local_form),
	};

	return cmocka_run_group_tests_name("stream_rsyslog", tests, set_up, tear_down);
}
