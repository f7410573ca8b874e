#!/bin/sh
# launchd/release.sh in throw-away repositories: what it refuses, and what it makes.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

# Nobody's configuration, hooks or signing key.
GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
export GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM
export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL

version=$(sed -n 's/^VERSION *= *//p' Makefile)
tree=$dir/tree
mkdir -p "$tree/client/python"
cp -R Makefile launchd "$tree"
cp client/python/pyproject.toml "$tree/client/python"
in_tree() {
	(cd "$tree" && "$@")
}
in_tree git init -q -b main
in_tree git add -A
in_tree git commit -q -m first

release() {
	in_tree sh launchd/release.sh "$dir/made"
}
refuses() {
	exits_with 1 release && says "$1" && [ ! -e "$dir/made" ]
}

case_is 'a release'
check 'without a tag is refused' refuses "there is no tag v$version"
in_tree git tag "v$version"
echo >>"$tree/Makefile"
check 'of a file that was changed is refused' refuses 'not committed'
in_tree git checkout -q Makefile
echo >"$tree/new"
check 'with a file that is not committed is refused' refuses 'not committed'
in_tree git add new
in_tree git commit -q -m second
check 'of something else than the tag is refused' refuses "v$version is not what is checked out"
in_tree git tag -f "v$version" >/dev/null

# other_version FILE: that file alone says 9.9.9, in a commit with the tag
other_version() {
	sed -i.before "s/$(echo "$version" | sed 's/\./\\./g')/9.9.9/" "$tree/$1"
	rm "$tree/$1.before"
	in_tree git commit -q -a -m "$1"
	in_tree git tag -f "v$version" >/dev/null
}
for file in launchd/actopd.rb launchd/debian/changelog client/python/pyproject.toml; do
	sed -i.before '/^  url/s|/v[0-9.]*/|/vX/|' "$tree/launchd/actopd.rb"
	rm "$tree/launchd/actopd.rb.before"
	other_version "$file"
	check "in which $file has another version is refused" refuses "$file is of version \"9.9.9\""
	in_tree git reset -q --hard HEAD~1
	in_tree git tag -f "v$version" >/dev/null
done

check 'of the tagged tree is made' release
archive=actopd-$version.tar.gz
sum=$(python3 -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' \
	"$dir/made/$archive")
check 'fills the checksum into the formula' grep -qx "  sha256 \"$sum\"" "$dir/made/actopd.rb"
check 'and changes nothing else that Homebrew reads' equal "$(diff launchd/actopd.rb "$dir/made/actopd.rb" |
	grep -c '^> ')" 1
check 'has the checksum beside the archive' grep -qx "$sum  $archive" "$dir/made/$archive.sha256"
mkdir "$dir/unpacked"
check 'unpacks into a folder with its version' tar -xzf "$dir/made/$archive" -C "$dir/unpacked"
check 'of the files of the tag' equal "$(cd "$dir/unpacked/actopd-$version" && find . -type f | sort)" \
	"$(cd "$tree" && git ls-files | sed 's|^|./|' | sort)"
check 'leaves the tree as it was' equal "$(in_tree git status --porcelain)" ''
check 'is the same bytes when it is made again' release
check 'with the same checksum' grep -qx "$sum  $archive" "$dir/made/$archive.sha256"
finish
