/* SPDX-License-Identifier: MIT */
#ifndef READING_H
#define READING_H

/* Values in as few characters as tell them.  Pure. */

#define READING_MAX 20

enum reading {
	READING_PERCENT, /* 41% */
	READING_WATTS,	 /* 9.4 W, 48 W */
	READING_GBPS,	 /* 498 GB/s */
	READING_BYTES,	 /* 71.2 GiB */
	READING_RATE,	 /* 1.5 MiB/s */
	READING_CELSIUS, /* 88°C */
	READING_MHZ,	 /* 3204 MHz */
	READING_RPM,	 /* 1342 rpm */
	READING_JOULES,	 /* 12 mWh, 1.20 Wh */
	READING_NUMBER	 /* 1.25 */
};

/* "-" for an unknown value (NAN).  Returns to. */
const char *reading_show(char to[READING_MAX], enum reading reading, double value);

#endif
