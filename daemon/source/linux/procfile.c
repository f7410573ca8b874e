/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/procfile.h"

#include <math.h>
#include <string.h>

#define DISK_SECTOR_BYTES 512 /* the unit of diskstats, whatever the disk's own sectors are */

enum cpu_column {
	CPU_USER,
	CPU_NICE,
	CPU_SYSTEM,
	CPU_IDLE,
	CPU_IOWAIT,
	CPU_IRQ,
	CPU_SOFTIRQ,
	CPU_STEAL,
	CPU_COLUMNS
};

bool procfile_parse_cpu(struct text line, struct procfile_cpu *cpu)
{
	uint64_t ticks[CPU_COLUMNS] = { 0 };
	uint64_t number;

	if (!text_take_prefix(&line, "cpu") || !text_take_digits(&line, &number) ||
		number > UINT32_MAX)
		return false;
	for (unsigned i = 0; i < CPU_COLUMNS; i++)
		if (!text_take_number(&line, &ticks[i]) && i <= CPU_IDLE)
			return false;
	cpu->number = (unsigned)number;
	cpu->busy = ticks[CPU_USER] + ticks[CPU_NICE] + ticks[CPU_SYSTEM] + ticks[CPU_IRQ] +
		ticks[CPU_SOFTIRQ];
	cpu->total = cpu->busy + ticks[CPU_IDLE] + ticks[CPU_IOWAIT] + ticks[CPU_STEAL];
	return true;
}

static void procfile_parse_meminfo_line(struct text line, struct procfile_meminfo *meminfo)
{
	static const char *const keys[] = { "MemTotal:", "MemAvailable:", "Buffers:", "Cached:",
		"SwapTotal:", "SwapFree:", "Zswap:", "SReclaimable:" };
	uint64_t kib;

	for (unsigned i = 0; i < MEMINFO_COUNT; i++) {
		if (meminfo->has[i] || !text_take_prefix(&line, keys[i]))
			continue;
		if (text_take_number(&line, &kib) && kib <= UINT64_MAX / 1024) {
			meminfo->bytes[i] = kib * 1024;
			meminfo->has[i] = true;
		}
		return;
	}
}

void procfile_parse_meminfo(struct text file, struct procfile_meminfo *meminfo)
{
	struct text line;

	memset(meminfo, 0, sizeof(*meminfo));
	while (!meminfo->has[MEMINFO_SRECLAIMABLE] && text_take_line(&file, &line, false))
		procfile_parse_meminfo_line(line, meminfo);
}

bool procfile_parse_swap(struct text line, uint64_t *in, uint64_t *out)
{
	return (text_take_prefix(&line, "pswpin ") && text_take_number(&line, in)) ||
		(text_take_prefix(&line, "pswpout ") && text_take_number(&line, out));
}

static bool procfile_skip_words(struct text *line, unsigned count)
{
	struct text word;

	while (count--)
		if (!text_take_word(line, &word))
			return false;
	return true;
}

/* Leaves too long a name empty, which no device has. */
static void procfile_take_name(struct text word, char name[PROCFILE_NAME_MAX])
{
	bool fits = word.end - word.at < PROCFILE_NAME_MAX;

	text_copy(fits ? word : text_of(word.at, 0), name, PROCFILE_NAME_MAX);
}

/* major minor name reads merged sectors ms writes merged sectors ... */
bool procfile_parse_disk(struct text line, struct procfile_device *disk)
{
	struct procfile_device d;
	struct text name;

	if (!procfile_skip_words(&line, 2) || !text_take_word(&line, &name))
		return false;
	if (!procfile_skip_words(&line, 2) || !text_take_number(&line, &d.in))
		return false;
	if (!procfile_skip_words(&line, 3) || !text_take_number(&line, &d.out))
		return false;
	procfile_take_name(name, d.name);
	d.in *= DISK_SECTOR_BYTES;
	d.out *= DISK_SECTOR_BYTES;
	if (d.name[0])
		*disk = d;
	return d.name[0] != '\0';
}

/* name: rx_bytes and seven more, tx_bytes ...  There may be no blank after the colon. */
bool procfile_parse_interface(struct text line, struct procfile_device *interface)
{
	struct procfile_device d;
	struct text before = line, name;
	const char *colon;

	if (line.at == line.end)
		return false;
	colon = memchr(line.at, ':', (size_t)(line.end - line.at));
	if (!colon)
		return false;
	line.at = colon + 1;
	before.end = colon;
	if (!text_take_word(&before, &name) || !text_take_number(&line, &d.in) ||
		!procfile_skip_words(&line, 7) || !text_take_number(&line, &d.out))
		return false;
	procfile_take_name(name, d.name);
	if (d.name[0])
		*interface = d;
	return d.name[0] != '\0';
}

/* "0.05": whole part and hundredths. */
static bool procfile_take_hundredths(struct text *file, double *value)
{
	struct text word;
	uint64_t whole, part;

	if (!text_take_word(file, &word) || !text_take_digits(&word, &whole) ||
		!text_take_prefix(&word, ".") || word.end - word.at != 2 ||
		!text_take_digits(&word, &part) || word.at != word.end)
		return false;
	*value = (double)whole + (double)part / 100.0;
	return true;
}

bool procfile_parse_load(struct text file, double load[3])
{
	double values[3];

	for (unsigned i = 0; i < 3; i++)
		if (!procfile_take_hundredths(&file, &values[i]))
			return false;
	memcpy(load, values, sizeof(values));
	return true;
}

bool procfile_parse_pressure(struct text file, const char *name, uint64_t *total_us)
{
	struct text line, word;

	while (text_take_line(&file, &line, false)) {
		if (!text_take_word(&line, &word) || !text_equals(word, name))
			continue;
		while (text_take_word(&line, &word))
			if (text_take_prefix(&word, "total="))
				return text_take_number(&word, total_us);
	}
	return false;
}

bool procfile_parse_zram(struct text file, uint64_t *bytes)
{
	return procfile_skip_words(&file, 2) && text_take_number(&file, bytes);
}

bool procfile_parse_number(struct text file, int64_t *value)
{
	struct text word;
	uint64_t digits;
	bool negative;

	if (!text_take_word(&file, &word))
		return false;
	negative = text_take_prefix(&word, "-");
	if (!text_take_digits(&word, &digits) || word.at != word.end || digits > INT64_MAX)
		return false;
	*value = negative ? -(int64_t)digits : (int64_t)digits;
	return true;
}

/* "3" or "0-3" */
static bool procfile_take_range(struct text *word, uint64_t *first, uint64_t *last)
{
	if (!text_take_digits(word, first))
		return false;
	*last = *first;
	return !text_take_prefix(word, "-") || text_take_digits(word, last);
}

bool procfile_parse_list(struct text file, unsigned max, procfile_add add, void *arg)
{
	uint64_t first, last;
	struct text word;

	while (text_take_word(&file, &word)) {
		do {
			if (!procfile_take_range(&word, &first, &last))
				return false;
			for (uint64_t n = first; n <= last && n < max; n++)
				add(arg, (unsigned)n);
		} while (text_take_prefix(&word, ","));
		if (word.at != word.end)
			return false;
	}
	return true;
}

/* "1: 1200Mhz *" */
static bool procfile_parse_clock(struct text line, double *mhz, bool *marked)
{
	struct text word;
	uint64_t value;

	if (!procfile_skip_words(&line, 1) || !text_take_word(&line, &word) ||
		!text_take_digits(&word, &value))
		return false;
	if (!text_equals(word, "Mhz") && !text_equals(word, "MHz"))
		return false;
	*mhz = (double)value;
	*marked = text_take_word(&line, &word) && text_equals(word, "*");
	return true;
}

void procfile_parse_clocks(struct text file, double *now_mhz, double *max_mhz)
{
	struct text line;
	double mhz;
	bool marked;

	*now_mhz = *max_mhz = NAN;
	while (text_take_line(&file, &line, true)) {
		if (!procfile_parse_clock(line, &mhz, &marked))
			continue;
		*max_mhz = fmax(*max_mhz, mhz);
		if (marked)
			*now_mhz = mhz;
	}
}

static bool procfile_is_padding(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '"' || c == '\'';
}

static struct text procfile_trim(struct text text)
{
	while (text.at < text.end && procfile_is_padding(*text.at))
		text.at++;
	while (text.at < text.end && procfile_is_padding(text.end[-1]))
		text.end--;
	return text;
}

bool procfile_parse_value(struct text file, const char *key, char *to, size_t size)
{
	struct text line;

	while (text_take_line(&file, &line, true)) {
		if (text_take_prefix(&line, key)) {
			text_copy(procfile_trim(line), to, size);
			return true;
		}
	}
	return false;
}
