#!/bin/sh
# make deb: the packages of Debian, built from the files of this tree as they are.
#     deb.sh VERSION FOLDER
# FOLDER gets the source package, the packages and the .changes.  Debian wants its folder at the top
# of the source; here it is launchd/debian, and the copy that is built has it where it belongs.
set -eu

version=$1 folder=$2
source=$folder/actopd-$version
debian=$(dpkg-parsechangelog -l launchd/debian/changelog -S Version)
if [ "${debian%-*}" != "$version" ]; then
	echo "deb: launchd/debian/changelog is of version $debian, the Makefile of $version" >&2
	exit 1
fi

# Not what was built, nor what lies around: what git tracks, or all of an unpacked release.
files() {
	if [ -e .git ]; then
		git ls-files
	else
		find Makefile LICENSE README.md proto daemon client launchd tests -type f
	fi
}

rm -rf "$folder"
mkdir -p "$source"
files | tar -cf - -T - | tar -xf - -C "$source"
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -l launchd/debian/changelog -S Timestamp)
export SOURCE_DATE_EPOCH
tar -C "$folder" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
	-cf - "actopd-$version" | gzip -9n >"$folder/actopd_$version.orig.tar.gz"
cp -R launchd/debian "$source/debian"
cd "$source"
# Debian's tools run with Debian's Python.
PATH=${CCACHE_PATH:-/usr/lib/ccache}:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
env -u MAKEFLAGS -u MAKELEVEL -u BUILD dpkg-buildpackage --unsigned-source --unsigned-changes
cd ..
rm -rf "actopd-$version"
ls -1 ./*.deb
