/* SPDX-License-Identifier: MIT */
#ifndef FAKE_SMC_H
#define FAKE_SMC_H

#include <stddef.h>

#include <IOKit/IOKitLib.h>

/* What AppleSMC answers to one call of its user client. */
kern_return_t smc_call(
	uint32_t selector, const void *input, size_t input_size, void *output, size_t size);

#endif
