// SPDX-License-Identifier: MIT
#include "package/iterators.h"

#include <errno.h>
#include <linux/bpf.h>
#include <unistd.h>

#include <skep/link.h>

#include "base/cleanup.h"
#include "base/error.h"

/* A longer one is cut into several. */
#define LONGEST_LINE (1 << 20)

/* Whole lines are records. What is left waits for its line's end, or for the @last of the text. */
static void publish_lines(struct skep_delivery *d, const struct skep_source *source,
			  struct skep_text *text, bool is_last)
{
	size_t done = 0;

	while (done < text->len) {
		const char *line = text->data + done;
		const char *end = memchr(line, '\n', text->len - done);
		size_t len = end ? (size_t)(end - line) + 1 : text->len - done;

		if (!end && !is_last)
			break;
		skep_delivery_publish(d, source, -1, line, (uint32_t)len);
		done += len;
	}
	if (done)
		memmove(text->data, text->data + done, text->len - done);
	text->len -= done;
}

/* An iterator's program runs while its file is read, and what it prints is the file. */
static int publish_iterator(struct skep_delivery *d, const char *name, const struct skep_link *link,
			    struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_link_iter_open(link, err);
	struct skep_source *source = fd < 0 ? NULL : skep_delivery_add_source(d, name, NULL, err);
	ssize_t n;

	if (!source)
		return fd < 0 ? fd : -ENOMEM;
	source->is_text = true;
	while (skep_text_room(&text, 4096) && (n = read(fd, text.data + text.len, 4096)) != 0) {
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return skep_error_set_errno(err, SKEP_STAGE_RECEIVE, errno,
						    "the iterator cannot be read");
		text.len += n > 0 ? (size_t)n : 0;
		publish_lines(d, source, &text, text.len >= LONGEST_LINE);
	}
	publish_lines(d, source, &text, true);
	skep_delivery_flush(d);
	return 0;
}

int skep_iterators_publish(const struct skep_object *object, const struct skep_attach_plan *plan,
			   struct skep_delivery *d, struct skep_error *err)
{
	int n_read = 0;

	for (size_t i = 0; i < skep_object_n_programs(object); i++) {
		const struct skep_program *program = skep_object_program_at(object, i);
		const struct skep_link *link = skep_program_link(program);
		const char *name = skep_program_name(program);
		int ret;

		link = link ? link : skep_attach_plan_link(plan, name);
		if (!link || skep_program_spec(program)->attach_type != BPF_TRACE_ITER)
			continue;
		ret = publish_iterator(d, name, link, err);
		if (ret)
			return ret;
		n_read++;
	}
	return n_read;
}
