// SPDX-License-Identifier: MIT
/*
 * The cache has a file for each source that was compiled, named after its path and the compiler:
 * the object's digest, then those of all files that were included with their paths, then the
 * object. It is written beside its place and renamed, so that it is whole or not there.
 */
#include "package/object_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/scan.h"
#include "base/sha256.h"
#include "package/clang.h"
#include "package/dirs.h"
#include "package/source.h"
#include "stream/output.h"

#define MAGIC	 "skep-object 1\n"
#define ENTRIES	 256
#define MAX_FILE (256u << 20)
#define HEX	 (2 * SKEP_SHA256_LEN)

static void write_digest(const void *data, size_t len, struct skep_text *out)
{
	uint8_t digest[SKEP_SHA256_LEN];

	skep_sha256(data, len, digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		skep_text_printf(out, "%02x", digest[i]);
}

static int read_file(const char *path, struct skep_text *out)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 1;

	while (fd >= 0 && n > 0 && out->len <= MAX_FILE && skep_text_room(out, 1 << 16)) {
		n = read(fd, out->data + out->len, 1 << 16);
		out->len += n > 0 ? (size_t)n : 0;
	}
	return fd < 0 || n || out->failed ? -1 : 0;
}

/* The compiler is known by its file: a newer version is another one. */
static bool find_compiler(const char *name, struct stat *st, char path[PATH_MAX])
{
	const char *dirs = getenv("PATH") ?: "/usr/bin:/bin";

	if (strchr(name, '/'))
		return snprintf(path, PATH_MAX, "%s", name) < PATH_MAX && !stat(path, st);
	for (size_t len; *dirs; dirs += len + (dirs[len] == ':')) {
		len = strcspn(dirs, ":");
		if (snprintf(path, PATH_MAX, "%.*s/%s", (int)len, dirs, name) < PATH_MAX &&
		    !access(path, X_OK) && !stat(path, st))
			return true;
	}
	return false;
}

/* The entry's path; false: there can be none. */
static bool entry_path(const char *source, struct skep_text *path)
{
	SKEP_SCOPED(skep_scoped_free) char *real = realpath(source, NULL);
	SKEP_SCOPED(skep_text_free) struct skep_text key = { 0 };
	const char *clang = skep_clang_name();
	char compiler[PATH_MAX];
	struct stat st;

	if (!real || !clang || !find_compiler(clang, &st, compiler) ||
	    skep_dir_include(&key, NULL) || skep_dir_cache(path, NULL))
		return false;
	skep_text_printf(&key, "\n%s\n%s\n%lld.%09ld %lld", real, compiler,
			 (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (long long)st.st_size);
	skep_text_lit(path, "/objects");
	if (mkdir(skep_text_string(path), 0700) && errno != EEXIST)
		return false;
	skep_text_char(path, '/');
	write_digest(key.data, key.len, path);
	skep_text_string(path);
	return !key.failed && !path->failed;
}

/* "DIGEST path\n": whether the file still has it. */
static bool is_unchanged(const char *line, size_t len)
{
	SKEP_SCOPED(skep_text_free) struct skep_text content = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text digest = { 0 };
	char path[PATH_MAX];

	if (len <= HEX + 1 || len - HEX - 1 >= sizeof(path))
		return false;
	snprintf(path, sizeof(path), "%.*s", (int)(len - HEX - 1), line + HEX + 1);
	if (read_file(path, &content))
		return false;
	write_digest(content.data, content.len, &digest);
	return digest.len == HEX && !memcmp(digest.data, line, HEX);
}

/* The object of an entry, if it still stands for the source. */
static bool read_entry(const char *path, struct skep_text *object)
{
	SKEP_SCOPED(skep_text_free) struct skep_text entry = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text digest = { 0 };
	const char *at, *end, *sum, *newline;

	if (read_file(path, &entry) || !entry.len)
		return false;
	at = entry.data;
	end = at + entry.len;
	if (entry.len < strlen(MAGIC) + HEX + 1 || memcmp(at, MAGIC, strlen(MAGIC)))
		return false;
	sum = at + strlen(MAGIC);
	for (at = sum + HEX + 1;; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (!newline)
			return false;
		if (newline == at)
			break;
		if (!is_unchanged(at, (size_t)(newline - at)))
			return false;
	}
	at = newline + 1;
	write_digest(at, (size_t)(end - at), &digest);
	if (digest.len != HEX || memcmp(digest.data, sum, HEX))
		return false;
	skep_text_bytes(object, at, (size_t)(end - at));
	return !object->failed;
}

/*
 * The paths of a file for make, "object: a.c b.h \<newline> c\ d.h": spaces in paths have a
 * backslash.
 */
static bool write_files(const char *rule, size_t len, struct skep_text *out)
{
	const char *at = memmem(rule, len, ": ", 2), *end = rule + len;
	char path[PATH_MAX];

	while (at && ++at < end) {
		SKEP_SCOPED(skep_text_free) struct skep_text content = { 0 };
		size_t n = 0;

		for (; at < end && *at != ' ' && *at != '\n'; at++) {
			bool is_escape =
				at + 1 < end && ((*at == '\\' && (at[1] == ' ' || at[1] == '\n')) ||
						 (*at == '$' && at[1] == '$'));

			at += is_escape;
			if (*at != '\n' && n + 1 < sizeof(path))
				path[n++] = *at;
		}
		path[n] = '\0';
		if (!n)
			continue;
		if (strchr(path, '\n') || read_file(path, &content))
			return false;
		write_digest(content.data, content.len, out);
		skep_text_printf(out, " %s\n", path);
	}
	return at && !out->failed;
}

/* Takes the oldest entry away when there are too many. */
static void make_room(const char *path)
{
	SKEP_SCOPED(skep_text_free) struct skep_text oldest = { 0 };
	struct timespec when = { 0 };
	struct dirent *entry;
	size_t n = 0;
	DIR *dir;

	skep_text_bytes(&oldest, path, (size_t)(strrchr(path, '/') - path));
	dir = opendir(skep_text_string(&oldest));
	while (dir && (entry = readdir(dir))) {
		struct stat st;

		if (entry->d_name[0] == '.' || fstatat(dirfd(dir), entry->d_name, &st, 0))
			continue;
		if (n++ && (st.st_mtim.tv_sec > when.tv_sec || (st.st_mtim.tv_sec == when.tv_sec &&
								st.st_mtim.tv_nsec > when.tv_nsec)))
			continue;
		when = st.st_mtim;
		skep_text_reset(&oldest);
		skep_text_str(&oldest, entry->d_name);
	}
	if (dir && n > ENTRIES)
		unlinkat(dirfd(dir), skep_text_string(&oldest), 0);
	if (dir)
		closedir(dir);
}

/* What cannot be kept is compiled again the next time. */
static void write_entry(const char *path, const char *rule_path, const struct skep_text *object)
{
	SKEP_SCOPED(skep_text_free) struct skep_text entry = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text rule = { 0 };
	struct skep_error unused;

	skep_text_lit(&entry, MAGIC);
	write_digest(object->data, object->len, &entry);
	skep_text_char(&entry, '\n');
	if (read_file(rule_path, &rule) || !write_files(rule.data, rule.len, &entry))
		return;
	skep_text_char(&entry, '\n');
	skep_text_bytes(&entry, object->data, object->len);
	if (!entry.failed && !skep_output_replace(path, entry.data, entry.len, &unused))
		make_room(path);
}

int skep_object_cache_compile(const char *source, struct skep_text *object, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };
	struct skep_clang_opts opts = { .produces = "object" };
	char rule[] = "/tmp/skep-rule-XXXXXX";
	bool can_keep = entry_path(source, &path);
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	int ret;

	if (can_keep && read_entry(skep_text_string(&path), object))
		return 0;
	skep_text_reset(object);
	fd = can_keep ? mkostemp(rule, O_CLOEXEC) : -1;
	if (fd >= 0)
		opts.depfile = rule;
	ret = skep_source_read(source, &opts, object, err);
	if (fd >= 0) {
		if (!ret)
			write_entry(skep_text_string(&path), rule, object);
		unlink(rule);
	}
	return ret;
}
