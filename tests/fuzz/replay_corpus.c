/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stands in for libFuzzer: runs the target once on every file named. */
int main(int argc, char **argv)
{
	static uint8_t data[1 << 20];

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		size_t n = f ? fread(data, 1, sizeof(data), f) : 0;

		if (f)
			fclose(f);
		LLVMFuzzerTestOneInput(data, n);
	}
	printf("corpus of %s: %d inputs passed\n", argv[0], argc - 1);
	return 0;
}
