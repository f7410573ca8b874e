/* SPDX-License-Identifier: MIT */
#ifndef APPLE_UNISTD_H
#define APPLE_UNISTD_H

#include <grp.h>
#include_next <unistd.h>

/* What unistd.h of SDK 12 has beside the C library's, or otherwise. */
#define _CS_DARWIN_USER_TEMP_DIR 65537
#define confstr apple_confstr
#define getgrouplist apple_getgrouplist

size_t confstr(int name, char *to, size_t size);
int getpeereid(int fd, uid_t *uid, gid_t *gid);
int getgrouplist(const char *user, int group, int *groups, int *count);

#endif
