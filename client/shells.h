/* SPDX-License-Identifier: MIT */
#ifndef SHELLS_H
#define SHELLS_H

/* The scripts that bring completion to shells; what there is to complete, they ask. */

enum shell { SHELL_BASH, SHELL_ZSH, SHELL_FISH, SHELL_COUNT };

extern const char *const shell_names[SHELL_COUNT];
extern const char *const shell_scripts[SHELL_COUNT];

#endif
