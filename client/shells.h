/* SPDX-License-Identifier: MIT */
#ifndef SHELLS_H
#define SHELLS_H

#include "client/commands.h"

/* The scripts that bring completion to shells; what there is to complete, they ask. */

enum shell { SHELL_BASH, SHELL_ZSH, SHELL_FISH, SHELL_COUNT };

/* Their names, ended by NULL. */
extern const struct choice shell_choices[SHELL_COUNT + 1];
extern const char *const shell_scripts[SHELL_COUNT];

#endif
