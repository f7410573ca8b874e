/* SPDX-License-Identifier: MIT */
#ifndef APPLE_DLFCN_H
#define APPLE_DLFCN_H

/* dlfcn.h of SDK 12, answered by the doubles instead of the C library's loader. */
#define RTLD_LAZY 1
#define dlopen apple_dlopen
#define dlsym apple_dlsym
#define dlclose apple_dlclose

void *dlopen(const char *path, int mode);
void *dlsym(void *handle, const char *symbol);
int dlclose(void *handle);

#endif
