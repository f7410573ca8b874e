/* SPDX-License-Identifier: MIT */
#ifndef PLACES_H
#define PLACES_H

/* Writes where the socket is, on both systems, as a list. */
void print_places(void);

#endif
