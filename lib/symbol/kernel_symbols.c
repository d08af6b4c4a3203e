// SPDX-License-Identifier: MIT
#include <skep/stack.h>

#include <stdio.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/kallsyms.h"
#include "symbol/kernel.h"

int skep_kernel_symbols(const uint64_t *addresses, size_t n, struct skep_kernel_symbol *symbols,
			struct skep_error *err)
{
	struct skep_kernel_names kernel = { 0 };
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	int ret;

	if (!n)
		return 0;
	if (!addresses || !symbols)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "there are no addresses or no symbols: they are NULL");
	memset(symbols, 0, n * sizeof(*symbols));
	fd = skep_kallsyms_open(err);
	ret = fd < 0 ? fd : skep_kernel_names_read(&kernel, fd, err);
	for (size_t i = 0; i < n && !ret; i++) {
		const struct skep_name *name = skep_names_find(&kernel.names, addresses[i]);

		if (!name)
			continue;
		symbols[i].address = name->address;
		snprintf(symbols[i].name, sizeof(symbols[i].name), "%s",
			 skep_names_text(&kernel.names, name));
		snprintf(symbols[i].module, sizeof(symbols[i].module), "%s",
			 skep_names_module(&kernel.names, name));
	}
	skep_kernel_names_free(&kernel);
	return ret;
}
