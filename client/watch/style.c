/* SPDX-License-Identifier: MIT */
#include "client/watch/style.h"

#include <math.h>

enum style style_heat(double ratio)
{
	int level;

	if (isnan(ratio))
		return STYLE_DIM;
	level = (int)(fmin(fmax(ratio, 0), 1) * STYLE_LEVELS);
	return (enum style)(STYLE_HEAT + (level < STYLE_LEVELS ? level : STYLE_LEVELS - 1));
}
