#!/bin/sh
# Puts the page together and writes it as a C array:  embed.sh > page.c
# A line @@FILE@@ of index.html is replaced by that file.
set -eu
cd "$(dirname "$0")"

assemble() {
	awk '/^@@.*@@$/ { name = substr($0, 3, length($0) - 4)
		while ((getline line < name) > 0) print line
		close(name); next } { print }' index.html
}

echo '/* Made by client/serve/page/embed.sh. */'
echo '#include "client/serve/page.h"'
echo 'const char page_text[] = {'
assemble | od -An -v -t u1 | sed 's/  *\([0-9][0-9]*\)/(char)\1,/g'
echo '0};'
echo 'const size_t page_bytes = sizeof(page_text) - 1;'
