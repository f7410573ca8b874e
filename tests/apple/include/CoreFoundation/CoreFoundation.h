/* SPDX-License-Identifier: MIT */
#ifndef APPLE_COREFOUNDATION_H
#define APPLE_COREFOUNDATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The part of CoreFoundation that the Darwin source uses, for the doubles.  Each group names
 * the SDK 12 header whose declarations it mirrors; tests/apple/prototypes.c compares the two.
 */

/* CFBase.h */
typedef unsigned char Boolean;
typedef uint8_t UInt8;
typedef uint32_t UInt32;
typedef signed long CFIndex;
typedef unsigned long CFTypeID;
typedef const void *CFTypeRef;
typedef const struct apple_allocator *CFAllocatorRef;
typedef const struct apple_string *CFStringRef;
typedef const struct apple_number *CFNumberRef;
typedef const struct apple_boolean *CFBooleanRef;
typedef const struct apple_data *CFDataRef;
typedef const struct apple_array *CFArrayRef;
typedef struct apple_array *CFMutableArrayRef;
typedef const struct apple_dictionary *CFDictionaryRef;
typedef struct apple_dictionary *CFMutableDictionaryRef;

#define kCFAllocatorDefault ((CFAllocatorRef)0)

CFTypeRef CFRetain(CFTypeRef cf);
void CFRelease(CFTypeRef cf);
CFTypeID CFGetTypeID(CFTypeRef cf);

/* CFString.h */
typedef UInt32 CFStringEncoding;
#define kCFStringEncodingUTF8 ((CFStringEncoding)0x08000100)
#define CFSTR(text) apple_constant_string("" text "")

CFStringRef apple_constant_string(const char *text);
CFTypeID CFStringGetTypeID(void);
CFStringRef CFStringCreateWithCString(
	CFAllocatorRef allocator, const char *text, CFStringEncoding encoding);
Boolean CFStringGetCString(
	CFStringRef string, char *buffer, CFIndex size, CFStringEncoding encoding);

/* CFNumber.h */
typedef CFIndex CFNumberType;
enum { kCFNumberSInt32Type = 3, kCFNumberSInt64Type = 4, kCFNumberDoubleType = 13 };

CFTypeID CFNumberGetTypeID(void);
CFTypeID CFBooleanGetTypeID(void);
Boolean CFBooleanGetValue(CFBooleanRef boolean);
CFNumberRef CFNumberCreate(CFAllocatorRef allocator, CFNumberType type, const void *value);
Boolean CFNumberGetValue(CFNumberRef number, CFNumberType type, void *value);

/* CFData.h */
CFTypeID CFDataGetTypeID(void);
CFIndex CFDataGetLength(CFDataRef data);
const UInt8 *CFDataGetBytePtr(CFDataRef data);

/* CFArray.h */
typedef struct apple_array_callbacks {
	CFIndex version;
} CFArrayCallBacks;
extern const CFArrayCallBacks kCFTypeArrayCallBacks;

CFTypeID CFArrayGetTypeID(void);
CFIndex CFArrayGetCount(CFArrayRef array);
const void *CFArrayGetValueAtIndex(CFArrayRef array, CFIndex index);
CFMutableArrayRef CFArrayCreateMutable(
	CFAllocatorRef allocator, CFIndex capacity, const CFArrayCallBacks *callbacks);
void CFArrayAppendValue(CFMutableArrayRef array, const void *value);

/* CFDictionary.h */
typedef struct apple_key_callbacks {
	CFIndex version;
} CFDictionaryKeyCallBacks;
typedef struct apple_value_callbacks {
	CFIndex version;
} CFDictionaryValueCallBacks;
extern const CFDictionaryKeyCallBacks kCFTypeDictionaryKeyCallBacks;
extern const CFDictionaryValueCallBacks kCFTypeDictionaryValueCallBacks;

CFTypeID CFDictionaryGetTypeID(void);
const void *CFDictionaryGetValue(CFDictionaryRef dictionary, const void *key);
CFMutableDictionaryRef CFDictionaryCreateMutable(CFAllocatorRef allocator, CFIndex capacity,
	const CFDictionaryKeyCallBacks *keys, const CFDictionaryValueCallBacks *values);
CFMutableDictionaryRef CFDictionaryCreateMutableCopy(
	CFAllocatorRef allocator, CFIndex capacity, CFDictionaryRef dictionary);
void CFDictionarySetValue(
	CFMutableDictionaryRef dictionary, const void *key, const void *value);

#endif
