// SPDX-License-Identifier: MIT
/* What static_loader is compared with: a program that only prints, as every one can. */
#include <stdio.h>

int main(int argc, char **argv)
{
	fprintf(stderr, "%s %d\n", argv[0], argc);
	return 0;
}
