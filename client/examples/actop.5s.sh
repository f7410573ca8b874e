#!/bin/sh
# <xbar.title>actop</xbar.title>
# <xbar.desc>Power and load of this machine, from actopd</xbar.desc>
# <xbar.dependencies>actopctl</xbar.dependencies>
PATH=/opt/homebrew/bin:/usr/local/bin:$PATH

# shellcheck disable=SC2046
set -- $(actopctl now -q -f cpu_util_pct,package_watts -o plain 2>/dev/null)
if [ $# -ne 2 ]; then
	echo '–'
	echo '---'
	echo 'actopd does not run'
	echo 'Start it | shell=brew param1=services param2=start param3=actopd refresh=true'
	exit 0
fi
echo "${1%.*} %  $2 W"
echo '---'
actopctl now -f limit,thermal_state,gpu_util_pct,ram_used_bytes,cpu_temp_c -o table | sed 's/$/ | font=Menlo trim=false/'
echo '---'
actopctl alerts --firing -q -o table 2>/dev/null | sed 's/$/ | font=Menlo color=red trim=false/'
echo 'Open the page | href=http://127.0.0.1:9464/'
