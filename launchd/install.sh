#!/bin/sh
# make install and make uninstall:  install.sh install|uninstall
# Takes BUILD, PREFIX, DESTDIR, PLATFORM, MANUALS (names of pages) and, where they are not below
# PREFIX, UNITDIR, USERUNITDIR, DOCDIR, DATADIR, MANDIR, BASHDIR, ZSHDIR, FISHDIR from the
# environment.  One list serves both ways: what is installed is what is taken away.  A configuration
# is never installed where a daemon reads it, nor removed.
set -eu

verb=$1
: "${BUILD:=build/plain}" "${PREFIX:=/usr/local}" "${DESTDIR:=}"
: "${UNITDIR:=$PREFIX/lib/systemd/system}" "${USERUNITDIR:=$PREFIX/lib/systemd/user}"
: "${DOCDIR:=$PREFIX/share/doc/actopd}" "${DATADIR:=$PREFIX/share/actopd}"
: "${MANDIR:=$PREFIX/share/man}" "${BASHDIR:=$PREFIX/share/bash-completion/completions}"
: "${ZSHDIR:=$PREFIX/share/zsh/site-functions}" "${FISHDIR:=$PREFIX/share/fish/vendor_completions.d}"
: "${MANUALS:=$(ls "$BUILD/man" 2>/dev/null)}"
: "${PLATFORM:=$(uname -s | tr '[:upper:]' '[:lower:]')}"
bindir=$PREFIX/bin
work=

cleanup() {
	[ -z "$work" ] || rm -rf "$work"
}
trap cleanup EXIT

# place MODE FILE DIRECTORY [NAME]
place() {
	name=${4:-$(basename "$2")}
	if [ "$verb" = install ]; then
		install -d "$DESTDIR$3"
		install -m "$1" "$2" "$DESTDIR$3/$name"
	else
		rm -f "$DESTDIR$3/$name"
	fi
}

# unit FILE DIRECTORY: with the places of this installation in it
unit() {
	name=$(basename "$1" .in)
	sed -e "s|@BINDIR@|$bindir|g" "$1" >"$work/$name"
	place 644 "$work/$name" "$2"
}

programs() {
	for program in actopd actopctl actopctl-serve; do
		place 755 "$BUILD/$program" "$bindir"
	done
}

documents() {
	for file in README.md LICENSE proto/PROTOCOL.md proto/METRICS.md; do
		place 644 "$file" "$DOCDIR"
	done
	place 644 launchd/actopd.conf "$DOCDIR/examples"
	for file in client/examples/* client/prometheus/*.yml client/prometheus/grafana.json; do
		place 644 "$file" "$DOCDIR/examples"
	done
	place 644 client/prometheus/README.md "$DOCDIR/examples" prometheus.md
}

# For launchd, actopctl service install fills the templates: the paths in them are those of a user.
services() {
	if [ "$PLATFORM" = darwin ]; then
		for plist in launchd/*.plist.in; do
			place 644 "$plist" "$DATADIR"
		done
		return
	fi
	for file in launchd/system/*; do
		unit "$file" "$UNITDIR"
	done
	for file in launchd/user/*; do
		unit "$file" "$USERUNITDIR"
	done
}

# there FILE: whether it can be installed; to take something away, its name is enough.
there() {
	[ "$verb" = uninstall ] || [ -f "$1" ]
}

manuals() {
	for page in $MANUALS; do
		if there "$BUILD/man/$page"; then
			place 644 "$BUILD/man/$page" "$MANDIR/man${page##*.}"
		fi
	done
	# It is a command of actopctl.
	echo '.so man1/actopctl.1' >"$work/actopctl-serve.1"
	place 644 "$work/actopctl-serve.1" "$MANDIR/man1"
}

completions() {
	for pair in "actopctl.bash:$BASHDIR/actopctl" "_actopctl:$ZSHDIR/_actopctl" \
		"actopctl.fish:$FISHDIR/actopctl.fish"; do
		file=$BUILD/completions/${pair%%:*}
		to=${pair#*:}
		if there "$file"; then
			place 644 "$file" "$(dirname "$to")" "$(basename "$to")"
		fi
	done
}

# Removes a folder that is empty, and those above it that are then.
prune() {
	dir=$DESTDIR$1
	while [ -d "$dir" ] && [ "$dir" != "$DESTDIR" ] && rmdir "$dir" 2>/dev/null; do
		dir=$(dirname "$dir")
	done
}

# Below DESTDIR nothing remains.  On the machine itself, /usr/local/bin is not ours to remove.
tidy() {
	rmdir "$DESTDIR$DOCDIR/examples" "$DESTDIR$DOCDIR" "$DESTDIR$DATADIR" 2>/dev/null || :
	[ -n "$DESTDIR" ] || return 0
	for folder in "$DOCDIR" "$DATADIR" "$UNITDIR" "$USERUNITDIR" "$MANDIR"/man1 "$MANDIR"/man5 \
		"$MANDIR"/man7 "$MANDIR"/man8 "$BASHDIR" "$ZSHDIR" "$FISHDIR" "$bindir"; do
		prune "$folder"
		prune "$(dirname "$folder")"
	done
}

case $verb in install | uninstall) ;; *)
	echo 'usage: install.sh install|uninstall' >&2
	exit 64
	;;
esac
work=$(mktemp -d)
programs
documents
services
manuals
completions
if [ "$verb" = uninstall ]; then
	tidy
fi
