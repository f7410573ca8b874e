/* SPDX-License-Identifier: MIT */
#ifndef CF_H
#define CF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <CoreFoundation/CoreFoundation.h>

/*
 * CoreFoundation values as C values.  A reference may be NULL or of another type than expected,
 * since most come from private interfaces: all of these check before they look.
 */

/* Copies a string without the spaces around it; "" and false when there is none or too long. */
bool cf_text(CFTypeRef ref, char *text, size_t size);

bool cf_integer(CFTypeRef ref, int64_t *value);
bool cf_double(CFTypeRef ref, double *value);

/* The value under key if it is of that type, borrowed; NULL otherwise. */
CFTypeRef cf_get(CFDictionaryRef dictionary, CFStringRef key, CFTypeID type);

/* The number under key. */
bool cf_get_integer(CFDictionaryRef dictionary, CFStringRef key, int64_t *value);
bool cf_get_double(CFDictionaryRef dictionary, CFStringRef key, double *value);

/* A dictionary of CF keys and values, to be released; NULL without memory. */
CFMutableDictionaryRef cf_create_dictionary(void);

/* Puts a small number under key; false when it could not be made. */
bool cf_put_int(CFMutableDictionaryRef dictionary, CFStringRef key, int32_t value);

/* Releases what may be NULL. */
static inline void cf_release(CFTypeRef ref)
{
	if (ref)
		CFRelease(ref);
}

#endif
