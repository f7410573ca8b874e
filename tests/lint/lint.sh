#!/bin/sh
# Everything that reads the sources and does not run them.  Called by make lint, which sets BUILD,
# CC.  Each check prints what it finds; the exit status is that of the worst.
set -u

DIALECT='-std=c11 -D_GNU_SOURCE -DACTOP_VERSION=\"lint\" -iquote .'
bad=0
step() {
	name=$1
	shift
	if "$@"; then
		echo "lint: $name: ok"
	else
		echo "lint: $name: FAILED" >&2
		bad=1
	fi
}

sources() {
	git ls-files -- "$@"
}

formatted() {
	sources '*.c' '*.h' | xargs clang-format --dry-run -Werror
}

headers_alone() {
	rc=0
	for header in $(sources 'proto/*.h' 'daemon/*.h' 'client/*.h' | grep -v source/darwin/); do
		# shellcheck disable=SC2086  # CC and the options are lists
		$CC -std=c11 -D_GNU_SOURCE -iquote . -Werror -fsyntax-only -x c "$header" || rc=1
	done
	return $rc
}

layers() {
	find "$BUILD" -name '*.d' | grep -v -e /tests/ |
		xargs awk -f tests/lint/layers.awk tests/lint/layers
}

pure() {
	# The layers that transcripts run on do no I/O: no libuv, no sockets, no clock.
	! grep -nE '#include <(uv|sys/socket|sys/un|time)\.h>|clock_gettime|gettimeofday' \
		daemon/hub.[ch] daemon/session.[ch] daemon/subscription.[ch] daemon/page.[ch] \
		daemon/view.[ch] daemon/encode.[ch] daemon/engine.[ch] daemon/derive.[ch] \
		daemon/commands.[ch] daemon/start.[ch] daemon/choose.[ch] daemon/describe.[ch] \
		daemon/profile.[ch] daemon/verdict.[ch] daemon/judge.[ch] \
		proto/nearest.[ch] proto/quantity.[ch] proto/rise.[ch] proto/group.[ch] proto/expr*.[ch] \
		daemon/argv.[ch] daemon/rule*.[ch] daemon/alert.[ch] daemon/energy.[ch]
}

metrics_document() {
	"$BUILD/metrics_doc" | diff -u proto/METRICS.md - || {
		echo "run: make proto/METRICS.md"
		return 1
	}
}

pictures() {
	BUILD=$BUILD sh tests/pictures/pictures.sh check
}

# Whether other pages are installed here is no matter.
manuals() {
	! mandoc -Tlint "$BUILD"/man/* | grep -v 'referenced manual not found'
}

sizes() {
	rc=0
	for file in $(sources '*.c' '*.h'); do
		lines=$(wc -l <"$file")
		case $file in
		tests/*) limit=800 ;;
		*.h) limit=150 ;;
		*) limit=500 ;;
		esac
		if [ "$lines" -gt "$limit" ]; then
			echo "$file: $lines lines, at most $limit"
			rc=1
		fi
	done
	return $rc
}

tidy() {
	# One file a run: with several, clang-tidy 14 takes each va_list for uninitialized.
	# The doubles' headers stand for Apple's, and only for the files that are Apple's.
	sources 'proto/*.c' 'daemon/*.c' 'client/*.c' |
		xargs -P 2 -n 1 sh -c "case \$1 in */darwin/*) apple='-isystem tests/apple/include' ;; esac
			clang-tidy --quiet \"\$1\" -- $DIALECT -I/usr/include/cjson \$apple 2>/dev/null" sh
}

cpp_check() {
	cppcheck --quiet --error-exitcode=1 --enable=warning,performance,portability \
		--inline-suppr --suppress=missingIncludeSystem -I. -DACTOP_VERSION='""' -j 2 \
		proto daemon client
}

scripts() {
	sources '*.sh' .ci/run | xargs shellcheck -x -S warning
}

step format formatted
step 'headers alone' headers_alone
step layers layers
step 'pure modules' pure
step 'proto/METRICS.md' metrics_document
step 'manual pages' manuals
step 'pictures of README.md' pictures
step sizes sizes
step shellcheck scripts
step cppcheck cpp_check
step clang-tidy tidy
exit $bad
