// SPDX-License-Identifier: MIT
/* A real nats-server with JetStream, asked through its own library what it has. */
#include "daemon.h"
#include "unit/stream/support.h"

#include <ftw.h>
#include <nats/nats.h>
#include <sys/socket.h>
#include <unistd.h>

static struct skep_schema *schema;
static struct skep_source source = { .name = "events" };
static char dir[] = "/tmp/skep-nats-XXXXXX";
static uint16_t port;
static pid_t server;

#define NEED_NATS() NEED(daemon_is_there("nats-server"), "Debian's nats-server is not installed")

static void start_server(const char *option, const char *value)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", port);
	server = daemon_start((const char *const[]){ "nats-server", "-a", "127.0.0.1", "-p", number,
						     "-js", "-sd", dir, option, value, NULL });
	assert_true(port_answers(port));
}

static int set_up(void **state)
{
	(void)state;
	schema = event_schema();
	source.schema = schema;
	assert_non_null(mkdtemp(dir));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	skep_schema_free(schema);
	rmdir(dir);
	nats_Close();
	return 0;
}

static int new_port(void **state)
{
	(void)state;
	port = free_port(SOCK_STREAM);
	return 0;
}

static void kill_server(void)
{
	daemon_stop(server, true);
	server = 0;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level ? remove(path) : 0;
}

static int stop_server(void **state)
{
	(void)state;
	kill_server();
	nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}

static struct skep_sink *open_nats(const char *settings)
{
	char spec[256];

	snprintf(spec, sizeof(spec), "nats:nats://127.0.0.1:%u%s", port, settings);
	return open_sink(spec);
}

/* A connection of the test's own. */
static natsConnection *connect_to(jsCtx **js)
{
	natsConnection *connection = NULL;
	natsOptions *options = NULL;
	char url[64];

	snprintf(url, sizeof(url), "nats://127.0.0.1:%u", port);
	assert_int_equal(natsOptions_Create(&options), NATS_OK);
	natsOptions_SetURL(options, url);
	natsOptions_SetToken(options, "s3cret");
	assert_int_equal(natsConnection_Connect(&connection, options), NATS_OK);
	natsOptions_Destroy(options);
	if (js)
		assert_int_equal(natsConnection_JetStream(js, connection, NULL), NATS_OK);
	return connection;
}

static void make_stream(const char *subject, int64_t most)
{
	jsCtx *js = NULL;
	natsConnection *connection = connect_to(&js);
	const char *subjects[] = { subject };
	jsStreamConfig config;

	jsStreamConfig_Init(&config);
	config.Name = "S";
	config.Subjects = subjects;
	config.SubjectsLen = 1;
	config.MaxMsgs = most;
	config.Discard = js_DiscardNew;
	/* A server that has just been started needs a moment for its streams. */
	for (int i = 0; i < 50; i++) {
		if (js_AddStream(NULL, js, &config, NULL, NULL) == NATS_OK)
			break;
		usleep(100000);
	}
	jsCtx_Destroy(js);
	natsConnection_Destroy(connection);
}

/* How many messages the stream has; with @pids, how often each of the @n pids is in it. */
static uint64_t count(uint8_t *pids, uint32_t n, const char *subject)
{
	jsCtx *js = NULL;
	natsConnection *connection = connect_to(&js);
	jsStreamInfo *info = NULL;
	uint64_t messages;

	assert_int_equal(js_GetStreamInfo(&info, js, "S", NULL, NULL), NATS_OK);
	messages = info->State.Msgs;
	for (uint64_t seq = info->State.FirstSeq; pids && messages && seq <= info->State.LastSeq;
	     seq++) {
		natsMsg *message = NULL;
		unsigned long pid;

		assert_int_equal(js_GetMsg(&message, js, "S", seq, NULL, NULL), NATS_OK);
		assert_string_equal(natsMsg_GetSubject(message), subject);
		assert_memory_equal(natsMsg_GetData(message), "{\"pid\":", 7);
		pid = strtoul(natsMsg_GetData(message) + 7, NULL, 10);
		assert_true(pid < n);
		pids[pid]++;
		natsMsg_Destroy(message);
	}
	jsStreamInfo_Destroy(info);
	jsCtx_Destroy(js);
	natsConnection_Destroy(connection);
	return messages;
}

static void nats_stream_gets_each_record_in_order(void **state)
{
	static uint8_t pids[5000];
	struct skep_sink *sink;

	(void)state;
	NEED_NATS();
	start_server(NULL, NULL);
	make_stream("skep.>", -1);
	sink = open_nats(",stream=S");
	write_events(sink, &source, 0, 5000);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 5000);
	assert_int_equal(sink->lost, 0);
	skep_sink_close(sink);
	memset(pids, 0, sizeof(pids));
	assert_int_equal(count(pids, 5000, "skep.events"), 5000);
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(pids[i], 1);
}

static void nats_server_that_is_restarted_loses_nothing(void **state)
{
	static uint8_t pids[20000];
	struct skep_sink *sink;

	(void)state;
	NEED_NATS();
	start_server(NULL, NULL);
	make_stream("skep.>", -1);
	sink = open_nats("");
	for (uint32_t at = 0; at < 20000; at += 500) {
		write_events(sink, &source, at, at + 500);
		skep_sink_flush(sink, false);
		if (at == 5000)
			kill_server();
		if (at == 10000)
			start_server(NULL, NULL);
		usleep(20000);
	}
	for (int i = 0; i < 100 && count(NULL, 0, NULL) < 20000; i++) {
		skep_sink_flush(sink, false);
		usleep(50000);
	}
	skep_sink_flush(sink, true);
	assert_ok(!sink->lost, &sink->failed);
	assert_int_equal(sink->delivered, 20000);
	skep_sink_close(sink);
	memset(pids, 0, sizeof(pids));
	assert_int_equal(count(pids, 20000, "skep.events"), 20000);
	for (uint32_t i = 0; i < 20000; i++)
		assert_int_equal(pids[i], 1);
}

static void nats_server_that_is_not_there_is_not_waited_for(void **state)
{
	double start = seconds_now();
	struct skep_sink *sink;

	(void)state;
	sink = open_nats(",queue=64K");
	write_events(sink, &source, 0, 5000);
	skep_sink_flush(sink, false);
	assert_true(seconds_now() - start < 2);
	assert_true(sink->lost > 3000 && sink->lost < 5000);
	skep_sink_flush(sink, true);
	assert_true(seconds_now() - start < 8);
	assert_int_equal(sink->lost, 5000);
	assert_int_equal(sink->delivered, 0);
	assert_error_says(&sink->failed, "the NATS server cannot be reached");
	skep_sink_close(sink);
}

static void nats_server_that_dies_is_not_waited_for(void **state)
{
	double start;
	struct skep_sink *sink;

	(void)state;
	NEED_NATS();
	start_server(NULL, NULL);
	make_stream("skep.>", -1);
	sink = open_nats(",queue=64K");
	write_events(sink, &source, 0, 100);
	while (count(NULL, 0, NULL) < 100)
		skep_sink_flush(sink, false);
	skep_sink_flush(sink, false);
	kill_server();
	usleep(200000);
	start = seconds_now();
	write_events(sink, &source, 100, 5100);
	skep_sink_flush(sink, true);
	assert_true(seconds_now() - start < 8);
	assert_int_equal(sink->delivered + sink->lost, 5100);
	assert_true(sink->lost >= 4900);
	skep_sink_close(sink);
}

static void nats_stream_is_made_when_that_is_asked_for(void **state)
{
	static uint8_t pids[10];
	struct skep_source odd = source;
	struct skep_sink *sink;

	(void)state;
	NEED_NATS();
	odd.name = "a b.*";
	start_server(NULL, NULL);
	sink = open_nats(",stream=S,create=yes,subject=tool.{source}.v1");
	write_events(sink, &odd, 0, 10);
	skep_sink_flush(sink, true);
	assert_ok(!sink->lost, &sink->failed);
	skep_sink_close(sink);
	assert_int_equal(count(pids, 10, "tool.a_b__.v1"), 10);
}

static void nats_subject_that_no_stream_takes_is_told(void **state)
{
	struct skep_sink *sink;

	(void)state;
	NEED_NATS();
	start_server(NULL, NULL);
	sink = open_nats(",retries=2");
	write_events(sink, &source, 0, 10);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->lost, 10);
	assert_int_equal(sink->delivered, 0);
	assert_error_says(&sink->failed, "no stream takes this subject; make one");
	skep_sink_close(sink);
}

static void nats_counts_what_a_stream_refuses(void **state)
{
	struct skep_sink *sink;

	(void)state;
	NEED_NATS();
	start_server(NULL, NULL);
	make_stream("skep.>", 30);
	sink = open_nats("");
	write_events(sink, &source, 0, 100);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 30);
	assert_int_equal(sink->lost, 70);
	assert_error_says(&sink->failed, "JetStream refused it: maximum messages");
	skep_sink_close(sink);
	assert_int_equal(count(NULL, 0, NULL), 30);
}

static void nats_does_without_jetstream(void **state)
{
	natsSubscription *subscription = NULL;
	natsConnection *connection;
	struct skep_sink *sink;

	(void)state;
	NEED_NATS();
	start_server(NULL, NULL);
	connection = connect_to(NULL);
	assert_int_equal(natsConnection_SubscribeSync(&subscription, connection, "skep.events"),
			 NATS_OK);
	natsConnection_Flush(connection);
	sink = open_nats(",jetstream=no,payload=raw");
	write_events(sink, &source, 0, 1000);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 1000);
	assert_int_equal(sink->lost, 0);
	for (uint32_t pid = 0; pid < 1000; pid++) {
		struct event event = event_of(pid);
		natsMsg *message = NULL;

		assert_int_equal(natsSubscription_NextMsg(&message, subscription, 5000), NATS_OK);
		assert_int_equal(natsMsg_GetDataLength(message), sizeof(event));
		assert_memory_equal(natsMsg_GetData(message), &event, sizeof(event));
		natsMsg_Destroy(message);
	}
	skep_sink_close(sink);
	natsSubscription_Destroy(subscription);
	natsConnection_Destroy(connection);
}

static void nats_server_is_shown_a_token(void **state)
{
	char path[] = "/tmp/skep-token-XXXXXX", settings[128], text[4096];
	int fd = mkstemp(path);
	struct skep_sink *sink;

	(void)state;
	NEED_NATS();
	assert_int_equal(write(fd, "s3cret\n", 7), 7);
	close(fd);
	start_server("--auth", "s3cret");
	make_stream("skep.>", -1);
	snprintf(settings, sizeof(settings), ",token_file=%s", path);
	sink = open_nats(settings);
	write_events(sink, &source, 0, 10);
	skep_sink_flush(sink, true);
	assert_ok(!sink->lost, &sink->failed);
	skep_sink_close(sink);
	unlink(path);
	sink = open_nats("");
	write_events(sink, &source, 10, 20);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->lost, 10);
	assert_error_says(&sink->failed, "cannot be reached: ");
	skep_error_format(&sink->failed, text, sizeof(text));
	assert_null(strstr(text, "s3cret"));
	assert_int_equal(count(NULL, 0, NULL), 10);
	/* It is asked again, as another server may be there by then. */
	kill_server();
	start_server(NULL, NULL);
	write_events(sink, &source, 20, 30);
	for (int i = 0; i < 100 && count(NULL, 0, NULL) < 20; i++) {
		skep_sink_flush(sink, false);
		usleep(50000);
	}
	skep_sink_flush(sink, true);
	assert_int_equal(sink->lost, 10);
	assert_int_equal(count(NULL, 0, NULL), 20);
	skep_sink_close(sink);
}

static void nats_refuses_what_cannot_be(void **state)
{
	(void)state;
	assert_refused("nats:nats://u:p4ss@127.0.0.1:4222", "does not belong on a command line");
	assert_refused("nats:nats://127.0.0.1:1,subject=a..b", "words with dots");
	assert_refused("nats:nats://127.0.0.1:1,subject=a.*", "words with dots");
	assert_refused("nats:nats://127.0.0.1:1,create=yes", "needs stream=NAME");
	assert_refused("nats:nats://127.0.0.1:1,token_file=/nowhere", "cannot be read");
	assert_refused("nats:nats://127.0.0.1:1,payload=xml", "json, raw");
}

#define cmocka_unit_test_of_server(test) \
	cmocka_unit_test_setup_teardown(test, new_port, stop_server)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_of_server(nats_stream_gets_each_record_in_order),
		cmocka_unit_test_of_server(nats_server_that_is_restarted_loses_nothing),
		cmocka_unit_test_of_server(nats_server_that_is_not_there_is_not_waited_for),
		cmocka_unit_test_of_server(nats_server_that_dies_is_not_waited_for),
		cmocka_unit_test_of_server(nats_stream_is_made_when_that_is_asked_for),
		cmocka_unit_test_of_server(nats_subject_that_no_stream_takes_is_told),
		cmocka_unit_test_of_server(nats_counts_what_a_stream_refuses),
		cmocka_unit_test_of_server(nats_does_without_jetstream),
		cmocka_unit_test_of_server(nats_server_is_shown_a_token),
		cmocka_unit_test_of_server(nats_refuses_what_cannot_be),
	};

	return cmocka_run_group_tests_name("stream_nats", tests, set_up, tear_down);
}
