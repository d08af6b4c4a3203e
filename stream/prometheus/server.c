// SPDX-License-Identifier: MIT
/*
 * A small server of HTTP, by libmicrohttpd, which is loaded when it is needed. One thread serves
 * all connections as they are ready, so that a slow one holds up nobody.
 */
#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <string.h>

#include "base/error.h"
#include "stream/net/library.h"
#include "stream/prometheus/prometheus.h"

#define CONNECTIONS	32u
#define IDLE_SECONDS	10u
#define REQUEST_SIZE	(16 * 1024)
#define TYPE_TEXT	"text/plain; version=0.0.4; charset=utf-8"
#define TYPE_OPEN	"application/openmetrics-text; version=1.0.0; charset=utf-8"
#define LIBRARY		"libmicrohttpd.so.12"
#define LIBRARY_PACKAGE "libmicrohttpd12"

static const char *const names[] = {
	"MHD_start_daemon",
	"MHD_stop_daemon",
	"MHD_create_response_from_buffer",
	"MHD_queue_response",
	"MHD_destroy_response",
	"MHD_add_response_header",
	"MHD_lookup_connection_value",
	NULL,
};

/* In the order of their names. Written once, before a server is started. */
static struct {
	struct MHD_Daemon *(*start)(unsigned int flags, uint16_t port, MHD_AcceptPolicyCallback,
				    void *, MHD_AccessHandlerCallback, void *, ...);
	void (*stop)(struct MHD_Daemon *);
	struct MHD_Response *(*new_response)(size_t, void *, enum MHD_ResponseMemoryMode);
	enum MHD_Result (*queue)(struct MHD_Connection *, unsigned int status,
				 struct MHD_Response *);
	void (*free_response)(struct MHD_Response *);
	enum MHD_Result (*add_header)(struct MHD_Response *, const char *, const char *);
	const char *(*look_up)(struct MHD_Connection *, enum MHD_ValueKind, const char *);
} mhd;

static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

static int load(struct skep_error *err)
{
	int ret = 0;

	pthread_mutex_lock(&loading);
	if (!mhd.look_up)
		ret = skep_library_load(LIBRARY, LIBRARY_PACKAGE, names, &mhd, err);
	pthread_mutex_unlock(&loading);
	return ret;
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned int status,
			      const char *type, struct MHD_Response *response)
{
	enum MHD_Result ret;

	if (!response)
		return MHD_NO;
	mhd.add_header(response, "Content-Type", type);
	mhd.add_header(response, "X-Content-Type-Options", "nosniff");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		mhd.add_header(response, "Allow", "GET, HEAD");
	ret = mhd.queue(connection, status, response);
	mhd.free_response(response);
	return ret;
}

static enum MHD_Result answer_line(struct MHD_Connection *connection, unsigned int status,
				   const char *line)
{
	return answer(connection, status, "text/plain; charset=utf-8",
		      mhd.new_response(strlen(line), (void *)line, MHD_RESPMEM_PERSISTENT));
}

static enum MHD_Result answer_metrics(struct skep_prometheus *p, struct MHD_Connection *connection)
{
	bool is_open = skep_prometheus_prefers_open_metrics(
		mhd.look_up(connection, MHD_HEADER_KIND, "Accept"));
	struct MHD_Response *response;
	struct skep_text text = { 0 };

	pthread_mutex_lock(&p->lock);
	skep_metrics_write(&p->metrics, is_open, &text);
	pthread_mutex_unlock(&p->lock);
	if (text.failed) {
		skep_text_free(&text);
		return answer_line(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "out of memory\n");
	}
	response = mhd.new_response(text.len, text.data, MHD_RESPMEM_MUST_FREE);
	if (!response)
		skep_text_free(&text);
	return answer(connection, MHD_HTTP_OK, is_open ? TYPE_OPEN : TYPE_TEXT, response);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *path,
				  const char *method, const char *version, const char *body,
				  /* NOLINTNEXTLINE(readability-non-const-parameter): theirs */
				  size_t *body_size, void **state)
{
	(void)version, (void)body, (void)body_size, (void)state;
	/* Answered at once, bodies are not waited for. */
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return answer_line(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
	if (!strcmp(path, "/metrics"))
		return answer_metrics(arg, connection);
	if (!strcmp(path, "/healthz"))
		return answer_line(connection, MHD_HTTP_OK, "ok\n");
	return answer_line(connection, MHD_HTTP_NOT_FOUND, "see /metrics\n");
}

int skep_prometheus_start(struct skep_prometheus *p, int fd, struct skep_error *err)
{
	sigset_t all, before;
	int ret = load(err);

	if (ret)
		return ret;
	/* Signals are for the thread that expects them. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	p->server =
		mhd.start(MHD_USE_POLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, p,
			  MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
			  MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
			  MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_SIZE, MHD_OPTION_END);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (p->server)
		return 0;
	return skep_error_set(err, SKEP_STAGE_DELIVER, EIO, "the server cannot be started");
}

void skep_prometheus_stop(struct skep_prometheus *p)
{
	if (p->server)
		mhd.stop(p->server);
	p->server = NULL;
}
