/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/cf.h"

#include <string.h>

static void text_trim(char *text)
{
	size_t lead = strspn(text, " "), n;

	memmove(text, text + lead, strlen(text + lead) + 1);
	for (n = strlen(text); n > 0 && text[n - 1] == ' '; n--)
		text[n - 1] = '\0';
}

bool cf_text(CFTypeRef ref, char *text, size_t size)
{
	text[0] = '\0';
	if (!ref || CFGetTypeID(ref) != CFStringGetTypeID())
		return false;
	if (!CFStringGetCString(ref, text, (CFIndex)size, kCFStringEncodingUTF8)) {
		text[0] = '\0';
		return false;
	}
	text_trim(text);
	return true;
}

bool cf_integer(CFTypeRef ref, int64_t *value)
{
	if (!ref || CFGetTypeID(ref) != CFNumberGetTypeID())
		return false;
	return CFNumberGetValue(ref, kCFNumberSInt64Type, value);
}

bool cf_double(CFTypeRef ref, double *value)
{
	if (!ref || CFGetTypeID(ref) != CFNumberGetTypeID())
		return false;
	return CFNumberGetValue(ref, kCFNumberDoubleType, value);
}

CFTypeRef cf_get(CFDictionaryRef dictionary, CFStringRef key, CFTypeID type)
{
	CFTypeRef value = dictionary ? CFDictionaryGetValue(dictionary, key) : NULL;

	return value && CFGetTypeID(value) == type ? value : NULL;
}

bool cf_get_integer(CFDictionaryRef dictionary, CFStringRef key, int64_t *value)
{
	return cf_integer(cf_get(dictionary, key, CFNumberGetTypeID()), value);
}

bool cf_get_double(CFDictionaryRef dictionary, CFStringRef key, double *value)
{
	return cf_double(cf_get(dictionary, key, CFNumberGetTypeID()), value);
}

CFMutableDictionaryRef cf_create_dictionary(void)
{
	return CFDictionaryCreateMutable(kCFAllocatorDefault, 0, &kCFTypeDictionaryKeyCallBacks,
		&kCFTypeDictionaryValueCallBacks);
}

bool cf_put_int(CFMutableDictionaryRef dictionary, CFStringRef key, int32_t value)
{
	CFNumberRef number = CFNumberCreate(kCFAllocatorDefault, kCFNumberSInt32Type, &value);

	if (!number)
		return false;
	CFDictionarySetValue(dictionary, key, number);
	CFRelease(number);
	return true;
}
