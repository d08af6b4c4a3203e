// SPDX-License-Identifier: MIT
/* Lines to files, FIFOs and sockets. */
#include "unit/stream/support.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char folder[64], path[96], spec[256];
static struct skep_schema *schema;
static struct skep_source source;

static int setup(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/skep-lines-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/out", folder);
	schema = event_schema();
	source = (struct skep_source){ .name = "events", .schema = schema };
	return 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The folder's files by name, and what to do with each. */
static int each_file(void (*fn)(const char *name, void *ctx), void *ctx)
{
	struct dirent **names;
	int n = scandir(folder, &names, is_file, by_name);

	assert_true(n >= 0);
	for (int i = 0; i < n; i++) {
		char name[512];

		snprintf(name, sizeof(name), "%s/%s", folder, names[i]->d_name);
		fn(name, ctx);
		free(names[i]);
	}
	free(names);
	return n;
}

static void delete (const char *name, void *ctx)
{
	(void)ctx;
	unlink(name);
}

static int teardown(void **state)
{
	(void)state;
	each_file(delete, NULL);
	rmdir(folder);
	skep_schema_free(schema);
	return 0;
}

static struct skep_sink *open_to(const char *kind, const char *settings)
{
	snprintf(spec, sizeof(spec), "%s:%s%s", kind, path, settings);
	return open_sink(spec);
}

static char *content(const char *name)
{
	static char text[1 << 20];
	int fd = open(name, O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	assert_true(n >= 0);
	close(fd);
	text[n] = '\0';
	return text;
}

static int lines_of(const char *text)
{
	int n = 0;

	for (; (text = strchr(text, '\n')); text++)
		n++;
	return n;
}

static void end(struct skep_sink *sink)
{
	skep_sink_flush(sink, true);
	skep_sink_close(sink);
}

static void files_are_appended_to(void **state)
{
	struct skep_sink *sink = open_to("jsonl", "");

	(void)state;
	write_events(sink, &source, 0, 3);
	end(sink);
	/* What a crash has cut does not spoil the next line. */
	truncate(path, (off_t)strlen(content(path)) - 5);
	sink = open_to("jsonl", "");
	write_events(sink, &source, 3, 5);
	assert_int_equal(sink->delivered, 2);
	end(sink);
	assert_int_equal(lines_of(content(path)), 5);
	assert_non_null(strstr(content(path), "\n{\"pid\":3,"));
}

static void an_array_is_written_anew(void **state)
{
	struct skep_sink *sink = open_to("json", "");

	(void)state;
	write_events(sink, &source, 0, 3);
	end(sink);
	assert_true(!strncmp(content(path), "[\n{\"pid\":0,", 11));
	sink = open_to("json", "");
	end(sink);
	assert_string_equal(content(path), "[\n]\n");
}

static void a_header_stands_in_each_file_once(void **state)
{
	struct skep_sink *sink = open_to("csv", "");

	(void)state;
	write_events(sink, &source, 0, 1);
	end(sink);
	sink = open_to("csv", "");
	write_events(sink, &source, 1, 2);
	end(sink);
	assert_string_equal(content(path), "pid,ret,comm,bytes\r\n0,-2,cat,1099511627776\r\n"
					   "1,-2,cat,1099511627776\r\n");
}

struct seen {
	int records;
	bool is_array;
	char last[512];
};

/* A whole file, whose records follow those of the file before it. */
static void check_file(const char *name, void *ctx)
{
	struct seen *seen = ctx;
	const char *text = content(name), *at = text;
	size_t len = strlen(text);

	if (!strcmp(name, path)) /* is the first by name and the last by time */
		return;
	assert_true(strcmp(name, seen->last) > 0);
	strcpy(seen->last, name);
	assert_true(len && text[len - 1] == '\n');
	if (seen->is_array)
		assert_true(!strncmp(text, "[\n{", 3) && !strcmp(text + len - 3, "\n]\n"));
	while ((at = strstr(at, "\"pid\":"))) {
		assert_int_equal(atoi(at + 6), seen->records++);
		at++;
	}
}

static void rotate_by_size(const char *kind, bool is_array)
{
	struct skep_sink *sink = open_to(kind, ",rotate=500");
	struct seen seen = { .is_array = is_array };
	int files;

	write_events(sink, &source, 0, 100);
	assert_int_equal(sink->lost, 0);
	end(sink);
	files = each_file(check_file, &seen);
	assert_true(files > 8 && seen.records <= 100 && seen.records > 90);
	each_file(delete, NULL);
}

static void files_are_closed_at_their_size(void **state)
{
	(void)state;
	rotate_by_size("jsonl", false);
	rotate_by_size("json", true);
}

static void the_last_files_are_kept(void **state)
{
	struct skep_sink *sink;
	char other[128];
	int fd;

	(void)state;
	snprintf(other, sizeof(other), "%s.2026", path);
	fd = open(other, O_WRONLY | O_CREAT, 0600);
	close(fd);
	sink = open_to("jsonl", ",rotate=500,keep=3");
	write_events(sink, &source, 0, 100);
	end(sink);
	assert_int_equal(unlink(other), 0); /* is not one of them */
	assert_int_equal(each_file(delete, NULL), 4);
}

static void files_are_closed_at_their_time(void **state)
{
	struct skep_sink *sink = open_to("jsonl", ",every=1s");

	(void)state;
	write_events(sink, &source, 0, 2);
	skep_sink_flush(sink, false);
	usleep(1100000);
	skep_sink_flush(sink, false);
	write_events(sink, &source, 2, 3);
	end(sink);
	assert_int_equal(lines_of(content(path)), 1);
	assert_int_equal(each_file(delete, NULL), 2);
}

/* A limit on the size of files is as a disk that is full, without a disk. */
static void a_full_disk_leaves_whole_lines(void **state)
{
	struct rlimit before, small;
	struct skep_sink *sink;
	uint64_t whole;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small = (struct rlimit){ 5000, before.rlim_max };
	sink = open_to("jsonl", "");
	write_events(sink, &source, 0, 50);
	skep_sink_flush(sink, false);
	setrlimit(RLIMIT_FSIZE, &small);
	write_events(sink, &source, 50, 500);
	assert_true(skep_sink_flush(sink, false) < 0);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(sink->failed.code, EFBIG);
	assert_non_null(strstr(sink->failed.subject, spec));
	whole = sink->delivered;
	assert_int_equal(sink->delivered + sink->lost, 500);
	assert_int_equal(lines_of(content(path)), whole);
	write_events(sink, &source, 500, 501);
	end(sink);
	assert_int_equal(lines_of(content(path)), whole + 1);
}

static void a_file_that_was_moved_is_begun_anew(void **state)
{
	struct skep_sink *sink = open_to("csv", "");
	char moved[128];

	(void)state;
	snprintf(moved, sizeof(moved), "%s.1", path);
	write_events(sink, &source, 0, 2);
	assert_int_equal(rename(path, moved), 0);
	write_events(sink, &source, 2, 3);
	skep_sink_reopen(sink);
	write_events(sink, &source, 3, 4);
	skep_sink_reopen(sink); /* nothing was moved */
	write_events(sink, &source, 4, 5);
	end(sink);
	assert_int_equal(lines_of(content(moved)), 1 + 3);
	assert_int_equal(lines_of(content(path)), 1 + 2);
}

static void text_and_bytes_have_a_line_in_each_form(void **state)
{
	const struct skep_source text = { .name = "iter", .is_text = true };
	const struct skep_source bytes = { .name = "raw" };
	static const char *const expected[][2] = {
		{ "text", "a \"line\"\n0102\n" },
		{ "jsonl", "{\"text\":\"a \\\"line\\\"\"}\n{\"bytes\":\"0102\"}\n" },
		{ "json", "[\n{\"text\":\"a \\\"line\\\"\"}\n,{\"bytes\":\"0102\"}\n]\n" },
		{ "logfmt", "text=\"a \\\"line\\\"\"\nbytes=0102\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct skep_sink *sink = open_to(expected[i][0], "");

		skep_sink_write(sink, &text, "a \"line\"\n", 9);
		skep_sink_write(sink, &bytes, "\1\2", 2);
		end(sink);
		assert_string_equal(content(path), expected[i][1]);
		unlink(path);
	}
}

static ssize_t read_some(int fd)
{
	static char buf[1 << 20];

	return read(fd, buf, sizeof(buf));
}

static void a_fifo_waits_for_its_reader(void **state)
{
	struct skep_sink *sink;
	int fd;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	sink = open_to("jsonl", "");
	assert_true(sink->may_wait);
	write_events(sink, &source, 0, 10);
	assert_int_equal(skep_sink_flush(sink, false), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	assert_int_equal(read_some(fd), 0);
	usleep(250000);
	assert_int_equal(skep_sink_flush(sink, false), 0);
	assert_true(read_some(fd) > 400);
	assert_int_equal(sink->lost, 0);
	end(sink);
	close(fd);
}

static void what_nobody_reads_is_lost_and_told(void **state)
{
	struct skep_sink *sink;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	sink = open_to("jsonl", "");
	write_events(sink, &source, 0, 50000);
	assert_true(sink->lost > 10000);
	skep_sink_flush(sink, true);
	assert_int_equal(sink->delivered, 0);
	assert_int_equal(sink->lost, 50000);
	assert_error_says(&sink->failed, "nobody reads it");
	skep_sink_close(sink);
}

static void a_reader_that_takes_nothing_is_given_up_at_the_end(void **state)
{
	struct skep_sink *sink;
	double start;
	int fd;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	sink = open_to("jsonl", "");
	sink->is_ending = true;
	start = seconds_now();
	write_events(sink, &source, 0, 5000);
	skep_sink_flush(sink, true);
	assert_true(seconds_now() - start < 4);
	assert_int_equal(sink->delivered + sink->lost, 5000);
	assert_true(sink->lost > 1000 && sink->is_broken);
	assert_error_says(&sink->failed, "its reader takes nothing");
	skep_sink_close(sink);
	close(fd);
}

static int listen_at(int type)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_NONBLOCK, 0);

	strcpy(address.sun_path, path);
	unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	if (type != SOCK_DGRAM)
		assert_int_equal(listen(fd, 5), 0);
	return fd;
}

static void a_socket_gets_lines_again_after_its_server_was_away(void **state)
{
	int server = listen_at(SOCK_STREAM), peer;
	struct skep_sink *sink;

	(void)state;
	snprintf(spec, sizeof(spec), "jsonl:unix:%s", path);
	sink = open_sink(spec);
	write_events(sink, &source, 0, 5);
	assert_int_equal(skep_sink_flush(sink, false), 0);
	peer = accept(server, NULL, NULL);
	assert_true(read_some(peer) > 200);
	close(peer);
	close(server);
	write_events(sink, &source, 5, 7);
	skep_sink_flush(sink, false);
	server = listen_at(SOCK_STREAM);
	usleep(250000);
	write_events(sink, &source, 7, 9);
	skep_sink_flush(sink, false);
	peer = accept(server, NULL, NULL);
	assert_true(peer >= 0 && read_some(peer) > 80);
	assert_int_equal(sink->delivered, 9);
	end(sink);
	close(peer);
	close(server);
}

static void a_datagram_is_a_record(void **state)
{
	int server = listen_at(SOCK_DGRAM);
	struct skep_sink *sink;
	char line[256];
	ssize_t n;

	(void)state;
	snprintf(spec, sizeof(spec), "jsonl:unix:%s", path);
	sink = open_sink(spec);
	write_events(sink, &source, 0, 3);
	assert_int_equal(skep_sink_flush(sink, false), 0);
	for (int i = 0; i < 3; i++) {
		n = recv(server, line, sizeof(line), 0);
		assert_true(n > 0 && line[0] == '{' && line[n - 1] == '\n');
		assert_int_equal(atoi(strstr(line, "pid\":") + 5), i);
	}
	assert_int_equal(recv(server, line, sizeof(line), 0), -1);
	end(sink);
	close(server);
}

static void what_files_cannot_have_is_refused(void **state)
{
	(void)state;
	assert_refused("jsonl:/nowhere/x", "cannot be opened: No such file");
	assert_refused("jsonl:/dev/null,rotate=1M", "/dev/null is no file");
	assert_refused("jsonl:/tmp,rotate=1M", "cannot be opened: Is a directory");
	snprintf(spec, sizeof(spec), "csv:%s,keep=3", path);
	assert_refused(spec, "keep says nothing");
	assert_refused("json:unix:/x", "a socket that is opened anew would cut");
	snprintf(spec, sizeof(spec), "csv:%s,every=0", path);
	assert_refused(spec, "every cannot be '0'");
	assert_refused("xml:/x", "there is no kind of output 'xml'");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_are_appended_to),
		TEST(an_array_is_written_anew),
		TEST(a_header_stands_in_each_file_once),
		TEST(files_are_closed_at_their_size),
		TEST(the_last_files_are_kept),
		TEST(files_are_closed_at_their_time),
		TEST(a_full_disk_leaves_whole_lines),
		TEST(a_file_that_was_moved_is_begun_anew),
		TEST(text_and_bytes_have_a_line_in_each_form),
		TEST(a_fifo_waits_for_its_reader),
		TEST(what_nobody_reads_is_lost_and_told),
		TEST(a_reader_that_takes_nothing_is_given_up_at_the_end),
		TEST(a_socket_gets_lines_again_after_its_server_was_away),
		TEST(a_datagram_is_a_record),
		TEST(what_files_cannot_have_is_refused),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("unit/stream_lines", tests, NULL, NULL);
}
