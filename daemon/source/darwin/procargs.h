/* SPDX-License-Identifier: MIT */
#ifndef PROCARGS_H
#define PROCARGS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What KERN_PROCARGS2 gives: how many arguments there are (an int), the path of the program,
 * zeros, the arguments and then the environment, each with its NUL.  Sets *text and *length to
 * the arguments, between which stand NULs, without those of the end; what comes after them is
 * never looked at.  False when bytes are cut or are no such thing.  Pure.
 */
bool procargs_parse(const char *bytes, size_t size, const char **text, size_t *length);

#endif
