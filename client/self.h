/* SPDX-License-Identifier: MIT */
#ifndef SELF_H
#define SELF_H

/* Where this program is, so that what was installed or built with it is found beside it. */

#define SELF_PATH_MAX 4096

/* The path of a program in the same folder.  0 or -errno. */
int self_sibling(char path[SELF_PATH_MAX], const char *name);

/* A program that can be run: in the same folder, else in the PATH.  0 or -ENOENT. */
int self_program(char path[SELF_PATH_MAX], const char *name);

#endif
