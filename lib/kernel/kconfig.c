// SPDX-License-Identifier: MIT
#include "kernel/kconfig.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/inflate.h"
#include "base/scan.h"
#include "kernel/file.h"
#include "kernel/kallsyms.h"

/* A configuration has about 300 KB. */
#define MAX_CONFIG (4u << 20)
#define PACKED	   "/proc/config.gz"

/* All of a file with a NUL behind it, or -errno. */
static int64_t read_whole(const char *path, char **data)
{
	int64_t len;

	*data = malloc(MAX_CONFIG + 2);
	if (!*data)
		return -ENOMEM;
	len = skep_file_read(path, *data, MAX_CONFIG + 2);
	if (len > (int64_t)MAX_CONFIG)
		len = -E2BIG;
	if (len < 0) {
		free(*data);
		*data = NULL;
	}
	return len;
}

static int64_t read_packed(char **text, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *packed = NULL;
	int64_t len = read_whole(PACKED, &packed);

	if (len < 0)
		return skep_error_set_errno(err, SKEP_STAGE_RESOLVE, (int)len, "cannot read %s",
					    PACKED);
	len = skep_gunzip(packed, (size_t)len, MAX_CONFIG, text, err);
	if (len < 0)
		skep_error_add_subject(err, "%s", PACKED);
	return len;
}

int64_t skep_kconfig_read(char **text, struct skep_error *err)
{
	struct utsname uts;
	char path[512];
	int64_t len;

	uname(&uts);
	snprintf(path, sizeof(path), "/boot/config-%s", uts.release);
	len = read_whole(path, text);
	if (len == -ENOMEM)
		return skep_error_nomem(err, SKEP_STAGE_RESOLVE);
	if (len >= 0)
		return len;
	len = read_packed(text, err);
	if (len == -ENOENT) {
		skep_error_set(err, SKEP_STAGE_RESOLVE, ENOENT,
			       "there is neither %s nor " PACKED
			       ", which have the kernel's options",
			       path);
		skep_error_add_hint(err, "install the kernel's configuration, or give the options");
	}
	return len;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

int skep_kconfig_next(const char **text, struct skep_kconfig_line *line)
{
	static const char prefix[] = "CONFIG_";

	while (**text) {
		const char *start = *text, *end = strchrnul(start, '\n'), *equals;

		*text = *end ? end + 1 : end;
		while (start < end && is_space(*start))
			start++;
		while (end > start && is_space(end[-1]))
			end--;
		if ((size_t)(end - start) < strlen(prefix) ||
		    memcmp(start, prefix, strlen(prefix)) != 0)
			continue;
		equals = memchr(start, '=', (size_t)(end - start));
		line->name = start;
		line->name_len = (size_t)((equals ?: end) - start);
		line->value = equals ? equals + 1 : end;
		line->value_len = (size_t)(end - line->value);
		return line->value_len ? 1 : -EINVAL;
	}
	return 0;
}

/* "6.1.76" and what follows. */
static bool parse_version(const char *text, uint32_t *version)
{
	uint64_t major, minor, patch = 0;

	if (!skep_scan_number(&text, 10, &major) || !skep_scan_word(&text, ".") ||
	    !skep_scan_number(&text, 10, &minor))
		return false;
	if (skep_scan_word(&text, "."))
		skep_scan_number(&text, 10, &patch);
	*version = (uint32_t)((major & 0xffff) << 16 | (minor & 0xff) << 8 |
			      (patch > 255 ? 255 : patch));
	return true;
}

uint32_t skep_kernel_version_parse(const char *release, const char *version, const char *signature)
{
	const char *debian = strstr(version, "Debian ");
	const char *ubuntu = strrchr(signature, ' ');
	uint32_t found;

	/* "Ubuntu 5.15.0-91.101-generic 5.15.131" */
	if (ubuntu && parse_version(ubuntu + 1, &found))
		return found;
	/* "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)" */
	if (debian && parse_version(debian + strlen("Debian "), &found))
		return found;
	return parse_version(release, &found) ? found : 0;
}

uint32_t skep_kernel_version(void)
{
	char signature[256] = "";
	struct utsname uts;

	uname(&uts);
	if (skep_file_read("/proc/version_signature", signature, sizeof(signature)) < 0)
		signature[0] = '\0';
	signature[strcspn(signature, "\n")] = '\0';
	return skep_kernel_version_parse(uts.release, uts.version, signature);
}

/* What begins the names of wrapped system calls, "__x64_sys_bpf". */
static const char *const wrappers[] = { "__x64_sys_bpf", "__arm64_sys_bpf", "__s390x_sys_bpf",
					"__riscv_sys_bpf" };

static int is_wrapper(const struct skep_kallsym *symbol, void *context)
{
	(void)context;
	for (size_t i = 0; i < sizeof(wrappers) / sizeof(*wrappers); i++)
		if (!strcmp(symbol->name, wrappers[i]))
			return 1;
	return 0;
}

bool skep_kernel_wraps_syscalls(void)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_kallsyms_open(NULL);

	return fd >= 0 && skep_kallsyms_walk(fd, is_wrapper, NULL, NULL) == 1;
}
