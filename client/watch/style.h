/* SPDX-License-Identifier: MIT */
#ifndef STYLE_H
#define STYLE_H

/* What a cell of the dashboard means; client/watch/palette.h says how that looks. */

#define STYLE_LEVELS 20 /* steps from cold to hot */

enum style {
	STYLE_PLAIN,
	STYLE_DIM,   /* what explains */
	STYLE_FRAME, /* borders */
	STYLE_TITLE, /* of a panel */
	STYLE_VALUE, /* a reading that has no scale */
	STYLE_KEY,   /* a key that may be pressed */
	STYLE_GOOD,
	STYLE_WARN,
	STYLE_BAD,
	STYLE_MARK,  /* a mark of the user */
	STYLE_EMPTY, /* ground of a chart */
	STYLE_HEAD,  /* header of a table */
	STYLE_HEAT,  /* the coldest of STYLE_LEVELS */
	STYLE_COUNT = STYLE_HEAT + STYLE_LEVELS
};

/* The style of a share of its scale, 0 to 1; of an unknown one STYLE_DIM. */
enum style style_heat(double ratio);

#endif
