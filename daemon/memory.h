/* SPDX-License-Identifier: MIT */
#ifndef MEMORY_H
#define MEMORY_H

/* From now on the event loop gets its memory as everything else does, or the program ends with
 * a message: libuv ends without a word, or not at all, where it gets none. */
void memory_share(void);

#endif
