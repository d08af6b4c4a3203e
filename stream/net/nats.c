// SPDX-License-Identifier: MIT
/* Records as messages of NATS: in streams of JetStream at least once, or as they go. */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "stream/net/nats_link.h"
#include "stream/net/secret.h"
#include "stream/record_form.h"
#include "stream/setting.h"
#include "stream/sink_types.h"

#define SECOND	1000000000ll
#define SOURCE	"{source}"
#define LAST	(4 * SECOND)
#define LONGEST (64 << 20) /* the largest that a server can be told to take */

struct nats_sink {
	struct skep_nats_link link;
	const char *subject; /* with {source} in it */
	char *subjects;	     /* with * instead */
	bool is_raw;
	uint64_t queue;
	int64_t timeout;
	struct skep_text name, data;
};

/* One word of a subject: neither a dot nor a wildcard may come from a name. */
static void write_token(const char *name, struct skep_text *out)
{
	if (!name[0])
		skep_text_char(out, '_');
	for (; *name; name++)
		skep_text_char(out,
			       *name <= ' ' || *name > '~' || strchr(".*>", *name) ? '_' : *name);
}

/* The subject of a source; @source NULL: of all. */
static const char *write_subject(const char *subject, const char *source, struct skep_text *out)
{
	const char *at;

	skep_text_reset(out);
	for (; (at = strstr(subject, SOURCE)); subject = at + strlen(SOURCE)) {
		skep_text_bytes(out, subject, (size_t)(at - subject));
		if (source)
			write_token(source, out);
		else
			skep_text_char(out, '*');
	}
	skep_text_str(out, subject);
	return skep_text_string(out);
}

static bool is_ending(const struct skep_sink *sink)
{
	return __atomic_load_n(&sink->is_ending, __ATOMIC_RELAXED);
}

/* While the server answers, it is waited for. */
static int make_room(struct skep_sink *sink, size_t len, struct skep_error *err)
{
	struct nats_sink *n = sink->state;
	struct skep_nats_queue *queue = &n->link.queue;
	int64_t left = n->timeout;

	while (queue->bytes + len > n->queue && left > 0 && !is_ending(sink) &&
	       skep_nats_is_connected(&n->link)) {
		skep_nats_drive(&n->link, SECOND / 20);
		left -= SECOND / 20;
	}
	if (queue->bytes + len <= n->queue)
		return 0;
	skep_nats_drive(&n->link, 0);
	if (n->link.why.code && err)
		*err = n->link.why;
	else
		skep_error_set(err, SKEP_STAGE_DELIVER, ENOBUFS,
			       "the queue is full, the server is too slow");
	return -ENOBUFS;
}

static int write_record(struct skep_sink *sink, const struct skep_source *source, const void *data,
			size_t len, struct skep_error *err)
{
	struct nats_sink *n = sink->state;
	struct skep_nats_queue *queue = &n->link.queue;
	const char *subject = write_subject(n->subject, source->name, &n->name);
	int ret;

	skep_text_reset(&n->data);
	if (n->is_raw)
		skep_text_bytes(&n->data, data, len);
	else
		skep_write_record(source, SKEP_FORM_JSON_LINES, data, len, &n->data);
	if (n->data.failed || n->name.failed)
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	if (n->data.len > LONGEST)
		return skep_error_set(err, SKEP_STAGE_DELIVER, EMSGSIZE,
				      "a record is longer than a message may be");
	ret = make_room(sink, n->data.len, err);
	if (ret)
		return ret;
	if (skep_nats_queue_add(queue, subject, n->data.data ?: "", n->data.len))
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	if (queue->waiting % 64 == 0 && queue->sent < n->link.pending)
		skep_nats_drive(&n->link, 0);
	return 0;
}

static int flush(struct skep_sink *sink, bool is_last, struct skep_error *err)
{
	struct nats_sink *n = sink->state;

	(void)err;
	skep_nats_drive(&n->link, is_last ? LAST : 0);
	if (is_last)
		skep_nats_give_up(&n->link);
	return 0;
}

static bool is_subject(const char *subject)
{
	if (!subject[0] || strpbrk(subject, " \t\r\n*>") || strstr(subject, ".."))
		return false;
	return subject[0] != '.' && subject[strlen(subject) - 1] != '.';
}

static int read_settings(struct skep_sink *sink, struct nats_sink *n, struct skep_error *err)
{
	static const char *const forms[] = { "json", "raw", NULL };
	bool jetstream = true, create = false;
	int form = 0, ret;

	n->queue = 16 << 20;
	n->timeout = 5 * SECOND;
	n->link.pending = 1000;
	n->link.retries = 20;
	n->link.stream = skep_sink_setting(sink, "stream");
	n->subject = skep_sink_setting(sink, "subject") ?: "skep." SOURCE;
	ret = skep_sink_choice(sink, "payload", forms, &form, err)			   ?:
		      skep_sink_flag(sink, "jetstream", &jetstream, err)		   ?:
		      skep_sink_flag(sink, "create", &create, err)			   ?:
		      skep_sink_size(sink, "queue", 64 * 1024, 1ull << 40, &n->queue, err) ?:
		      skep_sink_number(sink, "pending", 1, 60000, &n->link.pending, err)   ?:
		      skep_sink_number(sink, "retries", 0, 250, &n->link.retries, err)	   ?:
		      skep_sink_duration(sink, "timeout", SECOND / 10, 600 * SECOND, &n->timeout,
					 err);
	if (ret)
		return ret;
	n->is_raw = form == 1;
	n->link.is_core = !jetstream;
	if (!is_subject(n->subject))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "subject is words with dots between them");
	if (create && (!n->link.stream || !jetstream))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "create=yes needs stream=NAME, which it makes");
	if (create)
		n->subjects = strdup(write_subject(n->subject, NULL, &n->name));
	n->link.subjects = n->subjects;
	return create && !n->subjects ? skep_error_nomem(err, SKEP_STAGE_USAGE) : 0;
}

static int refuse(const char *what, natsStatus s, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "%s: %s", what,
			      skep_nats.natsStatus_GetText(s));
}

/* Who it is, and how the server is known. */
static int set_identity(struct skep_sink *sink, natsOptions *options, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *token = NULL;
	const char *creds = skep_sink_setting(sink, "creds");
	const char *ca = skep_sink_setting(sink, "ca");
	natsStatus s = NATS_OK;

	if (skep_secret_setting(sink, "token_file", "SKEP_NATS_TOKEN", &token, err))
		return -EINVAL;
	if (token)
		s = skep_nats.natsOptions_SetToken(options, token);
	if (s)
		return refuse("the token cannot be used", s, err);
	if (creds)
		s = skep_nats.natsOptions_SetUserCredentialsFromFiles(options, creds, NULL);
	if (s)
		return refuse("the credentials cannot be used", s, err);
	if (ca)
		s = skep_nats.natsOptions_LoadCATrustedCertificates(options, ca);
	return s ? refuse("the certificates cannot be used", s, err) : 0;
}

static int set_server(const char *url, natsOptions *options, struct skep_error *err)
{
	natsStatus s;

	if (strchr(url, '@')) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
			       "a password does not belong on a command line");
		skep_error_add_hint(err, "give a token by token_file=FILE, or creds=FILE");
		return -EINVAL;
	}
	s = skep_nats.natsOptions_SetURL(options, url[0] ? url : "nats://127.0.0.1:4222");
	if (!strncmp(url, "tls:", 4))
		s = s ?: skep_nats.natsOptions_SetSecure(options, true);
	s = s ?: skep_nats.natsOptions_SetName(options, "skep");
	s = s ?: skep_nats.natsOptions_SetTimeout(options, 2000);
	s = s ?: skep_nats.natsOptions_SetPingInterval(options, 5000);
	s = s ?: skep_nats.natsOptions_SetMaxPingsOut(options, 2);
	s = s ?: skep_nats.natsOptions_SetMaxReconnect(options, -1);
	s = s ?: skep_nats.natsOptions_SetReconnectWait(options, 250);
	return s ? refuse("it is no URL of NATS", s, err) : 0;
}

static int connect_sink(struct skep_sink *sink, struct nats_sink *n, const char *url,
			struct skep_error *err)
{
	if (skep_nats.natsOptions_Create(&n->link.options))
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	return set_server(url, n->link.options, err)		?:
		       set_identity(sink, n->link.options, err) ?:
								  skep_nats_connect(&n->link, err);
}

static int open_sink(struct skep_sink *sink, const char *url, struct skep_error *err)
{
	struct nats_sink *n;
	int ret = skep_nats_load(err);

	if (ret)
		return ret;
	n = calloc(1, sizeof(*n));
	sink->state = n;
	if (!n)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	n->link.sink = sink;
	return read_settings(sink, n, err) ?: connect_sink(sink, n, url, err);
}

static void close_sink(struct skep_sink *sink)
{
	struct nats_sink *n = sink->state;

	if (!n)
		return;
	skep_nats_disconnect(&n->link);
	skep_text_free(&n->name);
	skep_text_free(&n->data);
	free(n->subjects);
	free(n);
}

static const struct skep_sink_option options[] = {
	{ "subject", "WORDS", "with {source} in it: that of records (skep.{source})" },
	{ "jetstream", "yes|no", "no: without acknowledgements (yes)" },
	{ "stream", "NAME", "no other stream of JetStream may take them" },
	{ "create", "yes|no", "make the stream if it is not there (no)" },
	{ "payload", "json|raw", "what a message is (json)" },
	{ "creds", "FILE", "user credentials" },
	{ "token_file", "FILE", "its first line is the token" },
	{ "ca", "FILE", "certificates that the server's is checked with" },
	{ "queue", "SIZE", "what waits for the server at most (16M)" },
	{ "pending", "N", "messages that are unacknowledged at once (1000)" },
	{ "timeout", "DURATION", "how long a server that answers is waited for (5s)" },
	{ "retries", "N", "of a message that no stream takes, four a second (20)" },
	{ NULL },
};

const struct skep_sink_type skep_sink_nats = {
	.name = "nats",
	.target = "[URL]",
	.summary = "messages of NATS, kept by JetStream",
	.may_wait = true,
	.options = options,
	.open = open_sink,
	.write = write_record,
	.flush = flush,
	.close = close_sink,
};
