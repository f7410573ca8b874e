/* SPDX-License-Identifier: MIT */
#ifndef ARGV_H
#define ARGV_H

#include "daemon/message.h"

#define ARGV_MAX 32 /* arguments, the program included */

/*
 * Splits a command into an argument vector at white space, without a shell: '...' and "..."
 * keep white space, and nothing else has a meaning.  The program is named by its absolute path.
 * 0, and *argv to be freed with argv_free(); -EINVAL with why.  Pure: whether the program is
 * there is for who runs it to see.
 */
int argv_split(char ***argv, const char *text, struct message *why);
void argv_free(char **argv); /* NULL is fine */

#endif
