// SPDX-License-Identifier: MIT
/* usage: btf_header BTF - prints the types of a BTF file as a C header. */
#include <skep/skep.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	const struct skep_btf_c_opts opts = { .size = sizeof(opts), .bpf = true };
	struct skep_text header = { 0 };
	struct skep_error err = { 0 };
	struct skep_btf *btf = skep_btf_open(argc > 1 ? argv[1] : "", NULL, &err);
	int ret = btf ? skep_btf_print_c(btf, &opts, &header, &err) : 1;

	if (ret)
		skep_error_print(&err, stderr);
	else
		ret = fwrite(header.data, 1, header.len, stdout) != header.len || fflush(stdout);
	skep_text_free(&header);
	skep_btf_free(btf);
	return ret != 0;
}
