/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_H
#define MESSAGE_H

#define MESSAGE_MAX 512 /* what proto/why.h writes fits */

/*
 * What went wrong, for people: a path, a reason and what to do about it, in one line without a
 * full stop or newline.  Filled by functions that open or parse; cut where it does not fit.
 */
struct message {
	char text[MESSAGE_MAX];
};

/* Sets the text and returns code, so that functions can end with it. */
__attribute__((format(printf, 3, 4))) int message_set(
	struct message *why, int code, const char *format, ...);

/* Puts a formatted text in front of what is there. */
__attribute__((format(printf, 2, 3))) void message_prefix(
	struct message *why, const char *format, ...);

#endif
