/* SPDX-License-Identifier: MIT */
#include "tests/manual/places.h"

#include <stdio.h>

#include "proto/sockpath.h"
#include "tests/manual/mdoc.h"

static void print_rules(const struct sockpath_rules *rules, const char *system)
{
	static const char *const bases[] = {
		[SOCKPATH_END] = "",
		[SOCKPATH_HOME] = "~",
		[SOCKPATH_RUNTIME] = "$XDG_RUNTIME_DIR",
		[SOCKPATH_TEMP] = "$(getconf DARWIN_USER_TEMP_DIR)",
		[SOCKPATH_TMP_UID] = "/tmp/actop-UID",
	};
	char path[256];

	for (unsigned i = 0; rules->user[i].base != SOCKPATH_END; i++) {
		snprintf(path, sizeof(path), "%s%s", bases[rules->user[i].base],
			rules->user[i].tail);
		mdoc_term(path);
		printf("Socket of a user on %s%s.\n", system,
			i ? ", where the one before cannot be" : "");
	}
	mdoc_term(rules->system);
	printf("Socket of the whole machine on %s.\n", system);
}

void print_places(void)
{
	mdoc_list();
	print_rules(&sockpath_linux, "Linux");
	print_rules(&sockpath_macos, "macOS");
	mdoc_list_end();
}
