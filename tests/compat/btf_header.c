// SPDX-License-Identifier: MIT
/*
 * usage: btf_header BTF [HEADER]
 *
 * Prints the types of a BTF file as a C header; or, with the name of that header, a source that
 * includes it and asserts that it has the BTF's sizes and offsets.
 */
#include <skep/skep.h>
#include <stdio.h>

#include "layout.h"

static int print(const struct skep_btf *btf, const char *header, struct skep_text *out,
		 struct skep_error *err)
{
	const struct skep_btf_c_opts opts = { .size = sizeof(opts),
					      .bpf = true,
					      .machine = skep_btf_machine(btf) };

	if (!header)
		return skep_btf_print_c(btf, &opts, out, err);
	skep_text_printf(out, "#include \"%s\"\n", header);
	return layout_checks(btf, out) < 1000;
}

int main(int argc, char **argv)
{
	struct skep_text out = { 0 };
	struct skep_error err = { 0 };
	struct skep_btf *btf = skep_btf_open(argc > 1 ? argv[1] : "", NULL, &err);
	int ret = btf ? print(btf, argc > 2 ? argv[2] : NULL, &out, &err) : 1;

	if (ret)
		skep_error_print(&err, stderr);
	else
		ret = fwrite(out.data, 1, out.len, stdout) != out.len || fflush(stdout);
	skep_text_free(&out);
	skep_btf_free(btf);
	return ret != 0;
}
