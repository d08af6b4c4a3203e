// SPDX-License-Identifier: MIT
/* Words of the command line as keys and values. */
#include "cli/inspect/values.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/uapi.h"

static int read_file(const char *path, struct skep_text *text, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : 1;

	while (n > 0 && text->len < 1 << 24 && skep_text_room(text, 1 << 16)) {
		n = read(fd, text->data + text->len, 1 << 16);
		text->len += n > 0 ? (size_t)n : 0;
	}
	if (n < 0)
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno, "%s cannot be read", path);
	return text->failed ? skep_error_nomem(err, SKEP_STAGE_READ) : 0;
}

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c | (c >= 'A' ? 0x20 : 0)) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* What may stand between bytes. */
static bool is_blank(char c)
{
	return c && strchr(" :\t\n", c);
}

static int read_hex(const char *text, size_t len, const char *source, uint8_t *out, size_t size,
		    struct skep_error *err)
{
	size_t n = 0, i = 0;

	while (i < len && n <= size) {
		int high = digit(text[i]), low = i + 1 < len ? digit(text[i + 1]) : -1;

		if (is_blank(text[i])) {
			i++;
			continue;
		}
		if (high < 0 || low < 0 || n == size)
			break;
		out[n++] = (uint8_t)(high << 4 | low);
		i += 2;
	}
	if (n == size && i == len)
		return 0;
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "these are not its %zu bytes", size);
	skep_error_add_source(err, "%s:1:%zu", source, i + 1 + strlen("hex:"));
	skep_error_add_hint(err, "give %zu hexadecimal digits", size * 2);
	return -EINVAL;
}

/* What has no type may be a number, too, if it has the size of one. */
static int read_untyped(const char *text, size_t len, const char *source, uint8_t *out, size_t size,
			struct skep_error *err)
{
	static const char before[] = "{\"bytes\":\"";
	uint64_t number;
	char *end;

	if (len > strlen(before) + 2 && !strncmp(text, before, strlen(before)))
		return read_hex(text + strlen(before), len - strlen(before) - 2, source, out, size,
				err);
	errno = 0;
	number = strtoull(text, &end, 0);
	if (!errno && end == text + len && len && *text != '-' && (size == 4 || size == 8) &&
	    (size == 8 || number <= UINT32_MAX)) {
		uint32_t narrow = (uint32_t)number;

		memcpy(out, size == 4 ? (void *)&narrow : (void *)&number, size);
		return 0;
	}
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "nothing tells the type of its %zu bytes",
		       size);
	skep_error_add_source(err, "%s:1:1", source);
	skep_error_add_hint(err, "give them as hex:%s", size == 4 ? "0a000000" : "0a00...");
	return -EINVAL;
}

static int read_text(const struct skep_schema *schema, const char *text, size_t len,
		     const char *source, void *out, size_t size, struct skep_error *err)
{
	if (len >= 4 && !memcmp(text, "hex:", 4))
		return read_hex(text + 4, len - 4, source, out, size, err);
	if (!schema)
		return read_untyped(text, len, source, out, size, err);
	return skep_record_read_json(schema, text, len, source, out, size, err);
}

/* A file's last newline is none of the value's. */
static int read_word(const struct skep_schema *schema, const char *word, const char *source,
		     void *out, size_t size, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	const char *string;
	int ret;

	memset(out, 0, size);
	if (*word != '@')
		return read_text(schema, word, strlen(word), source, out, size, err);
	ret = read_file(word + 1, &text, err);
	string = skep_text_string(&text);
	while (text.len && string[text.len - 1] == '\n')
		text.len--;
	string = skep_text_string(&text);
	return ret ?: read_text(schema, string, text.len, word + 1, out, size, err);
}

static int open_file(const char *path, struct skep_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd >= 0 ? fd :
			 skep_error_set_errno(err, SKEP_STAGE_READ, errno, "%s cannot be opened",
					      path);
}

static int open_task(const char *word, struct skep_error *err)
{
	int fd = (int)syscall(SYS_pidfd_open, atoi(word), 0);

	return fd >= 0 ? fd :
			 skep_error_set_errno(err, SKEP_STAGE_READ, errno,
					      "there is no process %s to be opened", word);
}

/* Keys that the kernel takes as a file descriptor; 0: not this type's. */
static int key_fd(const struct map_values *v, const char *word, struct skep_error *err)
{
	switch (v->type) {
	case BPF_MAP_TYPE_TASK_STORAGE:
		return open_task(word, err);
	case BPF_MAP_TYPE_INODE_STORAGE:
	case SKEP_MAP_TYPE_CGRP_STORAGE:
		return open_file(word, err);
	case BPF_MAP_TYPE_SK_STORAGE:
		skep_error_set(err, SKEP_STAGE_USAGE, ENOTSUP,
			       "a socket of another process cannot be named on a command line");
		return -ENOTSUP;
	default:
		return 0;
	}
}

static int value_fd(const struct map_values *v, const char *word, struct skep_error *err)
{
	switch (v->type) {
	case BPF_MAP_TYPE_PROG_ARRAY:
		return inspect_open(SKEP_SYSTEM_PROGRAMS, word, err);
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_HASH_OF_MAPS:
		return inspect_open(SKEP_SYSTEM_MAPS, word, err);
	case BPF_MAP_TYPE_CGROUP_ARRAY:
		return open_file(word, err);
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
	case BPF_MAP_TYPE_SOCKMAP:
	case BPF_MAP_TYPE_SOCKHASH:
	case BPF_MAP_TYPE_REUSEPORT_SOCKARRAY:
	case BPF_MAP_TYPE_XSKMAP:
		skep_error_set(err, SKEP_STAGE_USAGE, ENOTSUP,
			       "sockets and perf events of another process cannot be named on a "
			       "command line");
		return -ENOTSUP;
	default:
		return 0;
	}
}

static int put_fd(int got, void *out, size_t size, int *fd)
{
	if (got < 0)
		return got;
	*fd = got;
	memset(out, 0, size);
	memcpy(out, &got, size < sizeof(got) ? size : sizeof(got));
	return 0;
}

int map_read_key(const struct map_values *v, const char *word, void *key, int *fd,
		 struct skep_error *err)
{
	int got = key_fd(v, word, err);

	*fd = -1;
	if (got)
		return put_fd(got, key, skep_map_key_size(v->map), fd);
	return read_word(v->key, word, "KEY", key, skep_map_key_size(v->map), err);
}

/* "[1,2]": elements apart at commas outside brackets and strings. */
static size_t element_len(const char *text)
{
	bool in_string = false;
	int depth = 0;
	size_t i;

	for (i = 0; text[i]; i++) {
		if (text[i] == '"')
			in_string = !in_string;
		else if (in_string)
			i += text[i] == '\\' && text[i + 1];
		else if (strchr("[{", text[i]))
			depth++;
		else if (strchr(",]}", text[i]) && !depth)
			break;
		else if (strchr("]}", text[i]))
			depth--;
	}
	return i;
}

static int read_each_cpu(const struct map_values *v, const char *word, void *value,
			 struct skep_error *err)
{
	size_t size = skep_map_value_size(v->map), n = skep_map_n_values(v->map);
	const char *text = word + 1;

	for (size_t i = 0; i < n; i++) {
		size_t len = element_len(text);
		int ret = read_text(v->value, text, len, "VALUE",
				    skep_map_value_at(v->map, value, i), size, err);

		if (ret)
			return ret;
		text += len;
		if (*text == (i + 1 < n ? ',' : ']')) {
			text++;
			continue;
		}
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
			       "it has a value for each of %zu CPUs, and here are %s", n,
			       *text == ',' ? "more" : "fewer");
		skep_error_add_hint(err, "one value without brackets goes to all CPUs");
		return -EINVAL;
	}
	return 0;
}

int map_read_value(const struct map_values *v, const char *word, void *value, int *fd,
		   struct skep_error *err)
{
	size_t size = skep_map_value_size(v->map), n = skep_map_n_values(v->map);
	int got = value_fd(v, word, err), ret;

	*fd = -1;
	if (got)
		return put_fd(got, value, size, fd);
	memset(value, 0, v->value_bytes);
	if (v->is_percpu && *word == '[')
		return read_each_cpu(v, word, value, err);
	ret = read_word(v->value, word, "VALUE", value, size, err);
	for (size_t i = 1; i < n && !ret; i++)
		memcpy(skep_map_value_at(v->map, value, i), value, size);
	return ret;
}
