/* SPDX-License-Identifier: MIT */
#ifndef BRIDGE_H
#define BRIDGE_H

/*
 * Carries bytes between a pair of descriptors (in, out) and a connected stream socket until the
 * socket's end.  The end of in is passed on as a half-close: what the other side still has to
 * say comes through.  Where out takes nothing more, or in ends and the socket has ended too,
 * it is over.  0 or -errno (-EPIPE: out was closed).
 */
int bridge_run(int in, int out, int fd);

#endif
