#!/bin/sh
# A release:  release.sh [FOLDER]
# Makes of the tagged tree what is uploaded: the archive, its checksum, and the formula with version
# and checksum filled in.  Refuses a tree that is not exactly what the tag names, or that does not
# agree with itself about its version.  Changes nothing in the tree; pushes and uploads nothing.
set -eu

folder=${1:-build/release}

refuse() {
	echo "release: $*" >&2
	exit 1
}

version=$(sed -n 's/^VERSION *= *//p' Makefile)
tag=v$version
case $version in
'' | *[!0-9.]*) refuse "VERSION = \"$version\" of the Makefile is no version" ;;
esac

# agrees FILE VERSION-THERE
agrees() {
	[ "$2" = "$version" ] || refuse "$1 is of version \"$2\", the Makefile of $version"
}
agrees launchd/actopd.rb "$(sed -n 's|^  url ".*/actopd-\(.*\)\.tar\.gz"$|\1|p' launchd/actopd.rb)"
agrees launchd/debian/changelog "$(sed -n '1s/^actopd (\(.*\)-[^-]*) .*/\1/p' launchd/debian/changelog)"
agrees client/python/pyproject.toml "$(sed -n 's/^version = "\(.*\)"$/\1/p' client/python/pyproject.toml)"

changed=$(git status --porcelain)
[ -z "$changed" ] || refuse "there are changes that are not committed:
$changed"
commit=$(git rev-parse -q --verify "refs/tags/$tag^{commit}") || refuse "there is no tag $tag: git tag -s $tag"
[ "$commit" = "$(git rev-parse HEAD)" ] || refuse "$tag is not what is checked out: git checkout $tag"

sum_of() {
	if command -v sha256sum >/dev/null 2>&1; then
		sha256sum "$1"
	else
		shasum -a 256 "$1"
	fi | cut -d' ' -f1
}

archive=actopd-$version.tar.gz
mkdir -p "$folder"
# The same bytes wherever this runs: gzip keeps neither name nor time.
git archive --format=tar --prefix="actopd-$version/" "$tag" | gzip -9n >"$folder/$archive"
sum=$(sum_of "$folder/$archive")
echo "$sum  $archive" >"$folder/$archive.sha256"
sed -e "s|^  sha256 \".*\"\$|  sha256 \"$sum\"|" -e '/^# The formula of Homebrew/,/^# launchd/d' \
	launchd/actopd.rb >"$folder/actopd.rb"
grep -q "\"$sum\"" "$folder/actopd.rb" || refuse 'launchd/actopd.rb has no line for the checksum'
echo "$folder/$archive, $folder/$archive.sha256 and $folder/actopd.rb are made; launchd/RELEASING.md goes on"
