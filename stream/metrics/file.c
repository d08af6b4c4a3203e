// SPDX-License-Identifier: MIT
/* Files of YAML as documents, within limits. */
#include "stream/metrics/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"

#define MAX_FILE    (1024 * 1024)
#define MAX_DEPTH   32
#define MAX_ANCHORS 1000

static int no_yaml(const yaml_parser_t *parser, const char *source, struct skep_error *err)
{
	if (parser->error == YAML_MEMORY_ERROR)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "this is neither YAML nor JSON: %s",
		       parser->problem ?: "it cannot be read");
	skep_error_add_source(err, "%s:%zu:%zu", source, parser->problem_mark.line + 1,
			      parser->problem_mark.column + 1);
	return -EINVAL;
}

static int too_much(const yaml_event_t *event, const char *what, const char *source,
		    struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_USAGE, E2BIG, "%s", what);
	skep_error_add_source(err, "%s:%zu:%zu", source, event->start_mark.line + 1,
			      event->start_mark.column + 1);
	return -E2BIG;
}

/* What is counted while events go by. */
struct size {
	int depth, anchors;
};

static int count(struct size *size, const yaml_event_t *event, const char *source,
		 struct skep_error *err)
{
	switch (event->type) {
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		size->depth++;
		size->anchors += event->type == YAML_SEQUENCE_START_EVENT ?
					 event->data.sequence_start.anchor != NULL :
					 event->data.mapping_start.anchor != NULL;
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		size->depth--;
		break;
	case YAML_SCALAR_EVENT:
		size->anchors += event->data.scalar.anchor != NULL;
		break;
	case YAML_ALIAS_EVENT:
		size->anchors++;
		break;
	default:
		break;
	}
	if (size->depth > MAX_DEPTH)
		return too_much(event, "this is nested deeper than any description", source, err);
	if (size->anchors > MAX_ANCHORS)
		return too_much(event, "there are too many anchors and aliases", source, err);
	return 0;
}

/* The loader takes time that grows with the square of both: they are limited before. */
static int check_size(yaml_parser_t *parser, const char *source, struct skep_error *err)
{
	struct size size = { 0 };
	bool is_end = false;
	int ret = 0;

	while (!ret && !is_end) {
		yaml_event_t event;

		if (!yaml_parser_parse(parser, &event))
			return no_yaml(parser, source, err);
		is_end = event.type == YAML_STREAM_END_EVENT || event.type == YAML_NO_EVENT;
		ret = count(&size, &event, source, err);
		yaml_event_delete(&event);
	}
	return ret;
}

static int load(struct skep_metrics *m, yaml_parser_t *parser, const char *source,
		struct skep_error *err)
{
	yaml_document_t doc;
	int ret;

	if (!yaml_parser_load(parser, &doc))
		return no_yaml(parser, source, err);
	ret = skep_metrics_take_document(m, &doc, source, err);
	yaml_document_delete(&doc);
	return ret;
}

int skep_metrics_read_yaml(struct skep_metrics *m, const char *text, size_t len, const char *source,
			   struct skep_error *err)
{
	int ret = 0;

	for (int pass = 0; pass < 2 && !ret; pass++) {
		yaml_parser_t parser;

		if (!yaml_parser_initialize(&parser))
			return skep_error_nomem(err, SKEP_STAGE_USAGE);
		yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
		ret = pass ? load(m, &parser, source, err) : check_size(&parser, source, err);
		yaml_parser_delete(&parser);
	}
	return ret;
}

static int cannot_read(const char *path, int code, struct skep_error *err)
{
	skep_error_set_errno(err, SKEP_STAGE_USAGE, code, "cannot be read");
	skep_error_add_object(err, "%s", path);
	return -code;
}

static int read_all(int fd, struct skep_text *text)
{
	ssize_t n;

	do {
		if (!skep_text_grow(text, 65536))
			return ENOMEM;
		n = read(fd, text->data + text->len, text->cap - text->len);
		text->len += n > 0 ? (size_t)n : 0;
		if (text->len > MAX_FILE)
			return EFBIG;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n ? errno : 0;
}

int skep_metrics_read_file(struct skep_metrics *m, const char *path, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	SKEP_SCOPED(skep_scoped_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	int code;

	if (fd < 0)
		return cannot_read(path, errno, err);
	code = read_all(fd, &text);
	if (code)
		return cannot_read(path, code, err);
	return skep_metrics_read_yaml(m, text.data, text.len, path, err);
}
