// SPDX-License-Identifier: MIT
#include "link/link.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"
#include "load/object.h"

static struct skep_link *new_link(const struct skep_link_ops *ops, const char *label, va_list args)
{
	struct skep_link *link = calloc(1, sizeof(*link));

	if (!link)
		return NULL;
	link->ops = ops;
	link->prog_fd = -1;
	vsnprintf(link->label, sizeof(link->label), label, args);
	return link;
}

struct skep_link *skep_link_new(const struct skep_link_ops *ops, int fd, struct skep_error *err,
				const char *label, ...)
{
	struct skep_link *link;
	va_list args;

	va_start(args, label);
	link = new_link(ops, label, args);
	va_end(args);
	if (!link) {
		close(fd);
		skep_error_nomem(err, SKEP_STAGE_ATTACH);
		return NULL;
	}
	if (fd >= 0 && skep_link_add_fd(link, fd, err)) {
		free(link);
		return NULL;
	}
	return link;
}

struct skep_link *skep_link_hold(const struct skep_link_ops *ops,
				 const struct skep_program *program, size_t size,
				 struct skep_error *err, const char *label, ...)
{
	struct skep_link *link;
	va_list args;

	va_start(args, label);
	link = new_link(ops, label, args);
	va_end(args);
	if (link) {
		link->state = calloc(1, size);
		link->prog_fd = fcntl(skep_program_fd(program), F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	}
	if (link && link->state && link->prog_fd >= 0)
		return link;
	skep_error_set_errno(err, SKEP_STAGE_ATTACH, errno, "there is no room for one more link");
	skep_link_abandon(link);
	return NULL;
}

void skep_link_abandon(struct skep_link *link)
{
	if (link)
		link->ops = NULL;
	skep_link_close(link);
}

int skep_link_add_fd(struct skep_link *link, int fd, struct skep_error *err)
{
	int *fds = realloc(link->fds, (link->n_fds + 1) * sizeof(*fds));

	if (!fds) {
		close(fd);
		return skep_error_nomem(err, SKEP_STAGE_ATTACH);
	}
	link->fds = fds;
	fds[link->n_fds++] = fd;
	return 0;
}

/* What an fd or ops->detach holds ends; a pin stays. */
static void release(struct skep_link *link)
{
	if (link->ops && link->ops->detach)
		link->ops->detach(link);
	for (size_t i = 0; i < link->n_fds; i++)
		close(link->fds[i]);
	if (link->prog_fd >= 0)
		close(link->prog_fd);
	link->ops = NULL;
	link->n_fds = 0;
	link->prog_fd = -1;
}

void skep_link_close(struct skep_link *link)
{
	if (!link)
		return;
	release(link);
	free(link->fds);
	free(link->state);
	free(link->pin);
	free(link);
}

static int not_detached(const struct skep_link *link, int code, struct skep_error *err)
{
	if (code == -EOPNOTSUPP || code == -EINVAL) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EOPNOTSUPP,
			       "the kernel detaches links of this type only by closing them");
		skep_error_add_hint(err, "close it; if it is pinned, unpin it first");
		code = -EOPNOTSUPP;
	} else {
		skep_error_set_errno(err, SKEP_STAGE_ATTACH, code, "the kernel does not detach it");
	}
	skep_error_add_subject(err, "link '%s'", link->label);
	return code;
}

/* Without a bpf_link there is nothing that could outlive what is closed. */
int skep_link_detach(struct skep_link *link, struct skep_error *err)
{
	struct skep_link_info info = { .size = sizeof(info) };
	int ret;

	if (!link)
		return skep_error_null(err, SKEP_STAGE_ATTACH, "link");
	ret = skep_link_info(link, &info, err);
	if (ret)
		return ret;
	skep_link_info_free(&info);
	if (info.type == SKEP_LINK_NONE) {
		release(link);
		return 0;
	}
	for (size_t i = 0; i < link->n_fds && !ret; i++)
		ret = skep_bpf_link_detach(link->fds[i]);
	return ret ? not_detached(link, ret, err) : 0;
}

int skep_link_fd(const struct skep_link *link)
{
	return link && link->n_fds ? link->fds[0] : -1;
}

const char *skep_link_label(const struct skep_link *link)
{
	return link ? link->label : "";
}

struct skep_link *skep_link_fail(const struct skep_program *program, struct skep_error *err)
{
	const struct skep_program_spec *spec = program ? program->spec : NULL;

	if (!spec)
		return NULL;
	skep_error_add_object(err, "%s", program->object->spec->name);
	skep_error_add_subject(err, "program '%s' (%s)", spec->name, spec->section);
	return NULL;
}

int skep_link_check(const struct skep_program *program, uint32_t type, uint32_t other_type,
		    const char *hook, struct skep_error *err)
{
	const struct skep_program_spec *spec = program ? program->spec : NULL;

	if (!spec)
		return skep_error_null(err, SKEP_STAGE_ATTACH, "program");
	if (skep_program_fd(program) < 0)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EBADF, "it is not loaded");
	if (spec->type == type || spec->type == other_type)
		return 0;
	skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
		       "a program of its type cannot be attached "
		       "to %s",
		       hook);
	skep_error_add_hint(err, "its type comes from its section's name, '%s'", spec->section);
	return -EINVAL;
}

bool skep_link_in_section(const struct skep_program *program, const char *name)
{
	const char *section = program ? program->spec->section : "";
	size_t len = strlen(name);

	section += section[0] == '?';
	if (strncmp(section, name, len))
		return false;
	section += len;
	if (section[0] == '.' && section[1] == 's')
		section += 2;
	return !*section || *section == '/';
}

int skep_link_refused(struct skep_error *err, int code, unsigned int needs, const char *hook)
{
	char doing[192];

	snprintf(doing, sizeof(doing), "the kernel refuses to attach it to %s", hook);
	if (code == -EPERM || code == -EACCES)
		return skep_rights_explain(err, SKEP_STAGE_ATTACH, code, needs, doing);
	if (skep_rights_lack_jit(needs))
		return skep_rights_no_jit(err, SKEP_STAGE_ATTACH, code, doing);
	return skep_error_set_errno(err, SKEP_STAGE_ATTACH, code, "%s", doing);
}

int skep_link_no_cookies(const char *hook, const char *version, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP, "this kernel has no cookies for %s", hook);
	skep_error_add_hint(err, "they came with Linux %s", version);
	return -ENOTSUP;
}

int skep_link_to_fd(const struct skep_program *program, int target_fd)
{
	struct skep_attr_link_create attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (uint32_t)skep_program_fd(program);
	attr.target_fd = (uint32_t)target_fd;
	attr.attach_type = skep_program_spec(program)->attach_type;
	return skep_bpf_link_create(&attr);
}
