// SPDX-License-Identifier: MIT
#include "stream/net/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"

#define LONGEST 16384

/* Printable ASCII: a header or a URL with anything else in it would be another one. */
static bool is_clean(const char *line)
{
	for (; *line; line++)
		if (*line < ' ' || *line > '~')
			return false;
	return true;
}

static char *read_line(const char *path, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	char line[LONGEST + 1];
	ssize_t n = fd < 0 ? -1 : read(fd, line, LONGEST);

	if (n < 0) {
		skep_error_set_errno(err, SKEP_STAGE_USAGE, errno, "it cannot be read");
		skep_error_add_object(err, "%s", path);
		return NULL;
	}
	line[n] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	if (!line[0] || n == LONGEST || !is_clean(line)) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
			       "its first line is not one of printable characters");
		skep_error_add_object(err, "%s", path);
		return NULL;
	}
	return strdup(line);
}

char *skep_secret_or_word(const char *word, struct skep_error *err)
{
	char *copy = word[0] == '@' ? read_line(word + 1, err) : strdup(word);

	if (!copy && word[0] != '@')
		skep_error_nomem(err, SKEP_STAGE_USAGE);
	return copy;
}

int skep_secret_setting(const struct skep_sink *sink, const char *name, const char *variable,
			char **secret, struct skep_error *err)
{
	const char *path = skep_sink_setting(sink, name), *value = getenv(variable);

	*secret = NULL;
	if (path) {
		*secret = read_line(path, err);
		return *secret ? 0 : -EINVAL;
	}
	if (!value || !value[0])
		return 0;
	if (!is_clean(value))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "%s in the environment is no line of printable characters",
				      variable);
	*secret = strdup(value);
	return *secret ? 0 : skep_error_nomem(err, SKEP_STAGE_USAGE);
}
