// SPDX-License-Identifier: MIT
#include "cli/cli.h"

#include <errno.h>
#include <unistd.h>

#include "base/error.h"
#include "stream/output.h"

/*
 * What another kernel or more rights would make possible is told apart from what is wrong with
 * the input. A refusal by the verifier (EACCES, EINVAL) is the program's fault.
 */
int cli_exit_code(const struct skep_error *err)
{
	if (err->stage == SKEP_STAGE_USAGE)
		return EXIT_USAGE;
	/* Reading what is in the kernel takes rights; a file that may not be read is EACCES. */
	if (err->stage == SKEP_STAGE_READ && err->code == EPERM)
		return EXIT_IMPOSSIBLE;
	if (err->stage != SKEP_STAGE_LOAD && err->stage != SKEP_STAGE_ATTACH &&
	    err->stage != SKEP_STAGE_RESOLVE && err->stage != SKEP_STAGE_RECEIVE)
		return EXIT_FAILED;
	switch (err->code) {
	case EPERM:
	case ENOSYS:
	case EOPNOTSUPP:
		return EXIT_IMPOSSIBLE;
	default:
		return EXIT_FAILED;
	}
}

int cli_fail(const struct skep_error *err)
{
	skep_error_print(err, stderr);
	return cli_exit_code(err);
}

int cli_print(const struct skep_text *text)
{
	struct skep_error err = { 0 };
	struct skep_output out;
	int ret;

	if (text->failed) {
		skep_error_nomem(&err, SKEP_STAGE_DELIVER);
		return cli_fail(&err);
	}
	skep_output_fd(&out, STDOUT_FILENO, "stdout");
	skep_text_bytes(skep_output_text(&out), text->data, text->len);
	ret = skep_output_flush(&out, &err) ? cli_fail(&err) : EXIT_OK;
	skep_output_close(&out);
	return ret;
}
