// SPDX-License-Identifier: MIT
#include "kernel/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct skep_lines *skep_lines_new(int fd)
{
	struct skep_lines *lines = malloc(sizeof(*lines));

	if (!lines)
		return NULL;
	lines->fd = fd;
	lines->ended = false;
	lines->start = lines->end = 0;
	return lines;
}

/* More text behind what is left of it; one byte stays free for the last line's NUL. */
static int fill(struct skep_lines *lines)
{
	ssize_t n;

	memmove(lines->buf, lines->buf + lines->start, lines->end - lines->start);
	lines->end -= lines->start;
	lines->start = 0;
	if (lines->end == sizeof(lines->buf) - 1)
		return -E2BIG;
	do
		n = read(lines->fd, lines->buf + lines->end, sizeof(lines->buf) - 1 - lines->end);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	lines->ended = !n;
	lines->end += (size_t)n;
	return 0;
}

int skep_lines_next(struct skep_lines *lines, char **line)
{
	char *newline;

	for (;;) {
		size_t len = lines->end - lines->start;
		int ret;

		*line = lines->buf + lines->start;
		newline = memchr(*line, '\n', len);
		if (newline)
			break;
		if (lines->ended) {
			(*line)[len] = '\0';
			lines->start = lines->end;
			return len > 0;
		}
		ret = fill(lines);
		if (ret)
			return ret;
	}
	*newline = '\0';
	lines->start = (size_t)(newline + 1 - lines->buf);
	return 1;
}
