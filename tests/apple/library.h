/* SPDX-License-Identifier: MIT */
#ifndef LIBRARY_H
#define LIBRARY_H

typedef void (*library_function)(void);

/* What dlopen and dlsym find: the libraries whose functions no header declares. */
struct library {
	const char *path;
	struct {
		const char *name;
		library_function function;
	} symbols[24]; /* ends with NULL */
};

extern const struct library library_ioreport, library_iokit, library_objc, library_foundation,
	library_system;

#endif
