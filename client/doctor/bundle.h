/* SPDX-License-Identifier: MIT */
#ifndef BUNDLE_H
#define BUNDLE_H

#include "client/doctor/doctor.h"

/*
 * Writes what helps others to find out what is wrong on a machine that they cannot see, as
 * lines of JSON {"part":NAME,...}: about (versions, system), finding (each), hello, status,
 * schema, get (as the daemon answered), config and log (texts), world (actopd --dump-world).
 * Nothing in it names the machine, its user, its hardware or an address: see
 * client/doctor/redact.h.  The file is complete or not there.  0, or an exit code after saying
 * what went wrong.
 */
int bundle_write(const struct doctor *d, const char *path);

#endif
