/* SPDX-License-Identifier: MIT */
#ifndef ACCELERATOR_H
#define ACCELERATOR_H

/* Cores of the GPU; 0 = not known. */
unsigned accelerator_cores(void);

#endif
