/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/dump.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/source/common/jsonfile.h"
#include "proto/alloc.h"

/*
 * The description of a Linux machine: every file that the parts of this source may look at, as
 * {"linux": 1, "files": {PATH: TEXT or {"hex": ...}}, "links": {PATH: TARGET}}, paths below the
 * root.  tests/fixtures/linux/unpack.py makes a tree of it for --source linux:ROOT.
 */

#define DUMP_FILE_MAX (256 * 1024) /* of one file; what is longer is cut */
#define DUMP_LINK_MAX 512

/* Files by name only where a wildcard would reach what is slow, long or wakes a device up. */
static const char *const dump_files[] = {
	"etc/os-release",
	"proc/cpuinfo",
	"proc/device-tree/compatible",
	"proc/device-tree/model",
	"proc/diskstats",
	"proc/loadavg",
	"proc/meminfo",
	"proc/net/dev",
	"proc/pressure/*",
	"proc/stat",
	"proc/vmstat",
	"sys/block/*/hidden",
	"sys/block/*/queue/iostats",
	"sys/block/zram*/disksize",
	"sys/block/zram*/mm_stat",
	"sys/class/devfreq/*/cur_freq",
	"sys/class/devfreq/*/max_freq",
	"sys/class/dmi/id/product_name",
	"sys/class/drm/card*/device/gpu_busy_percent",
	"sys/class/drm/card*/device/hwmon/hwmon*/*_average",
	"sys/class/drm/card*/device/hwmon/hwmon*/*_input",
	"sys/class/drm/card*/device/hwmon/hwmon*/*_label",
	"sys/class/drm/card*/device/hwmon/hwmon*/name",
	"sys/class/drm/card*/device/mem_info_vram_total",
	"sys/class/drm/card*/device/mem_info_vram_used",
	"sys/class/drm/card*/device/power/control",
	"sys/class/drm/card*/device/power/runtime_status",
	"sys/class/drm/card*/device/uevent",
	"sys/class/drm/card*/device/pp_dpm_sclk",
	"sys/class/drm/card*/gt/gt*/rps_*_freq_mhz",
	"sys/class/drm/card*/gt_*_freq_mhz",
	"sys/class/hwmon/hwmon*/*_average",
	"sys/class/hwmon/hwmon*/*_crit",
	"sys/class/hwmon/hwmon*/*_input",
	"sys/class/hwmon/hwmon*/*_label",
	"sys/class/hwmon/hwmon*/*_max",
	"sys/class/hwmon/hwmon*/*_min",
	"sys/class/hwmon/hwmon*/device/power/control",
	"sys/class/hwmon/hwmon*/device/power/runtime_status",
	"sys/class/hwmon/hwmon*/name",
	"sys/class/net/*/bonding/mode",
	"sys/class/net/*/bridge/stp_state",
	"sys/class/net/*/device/uevent",
	"sys/class/net/*/flags",
	"sys/class/net/*/ifindex",
	"sys/class/net/*/iflink",
	"sys/class/net/*/master/device/uevent",
	"sys/class/net/*/master/ifindex",
	"sys/class/net/*/tun_flags",
	"sys/class/net/*/type",
	"sys/class/power_supply/*/capacity",
	"sys/class/power_supply/*/charge_full",
	"sys/class/power_supply/*/charge_now",
	"sys/class/power_supply/*/current_now",
	"sys/class/power_supply/*/energy_full",
	"sys/class/power_supply/*/energy_now",
	"sys/class/power_supply/*/online",
	"sys/class/power_supply/*/power_now",
	"sys/class/power_supply/*/scope",
	"sys/class/power_supply/*/status",
	"sys/class/power_supply/*/type",
	"sys/class/power_supply/*/voltage_now",
	"sys/class/powercap/*/energy_uj",
	"sys/class/powercap/*/max_energy_range_uj",
	"sys/class/powercap/*/name",
	"sys/class/thermal/thermal_zone*/temp",
	"sys/class/thermal/thermal_zone*/type",
	"sys/devices/cpu_*/cpus",
	"sys/devices/system/cpu/cpu*/cpu_capacity",
	"sys/devices/system/cpu/cpu*/topology/physical_package_id",
	"sys/devices/system/cpu/cpufreq/policy*/cpuinfo_max_freq",
	"sys/devices/system/cpu/cpufreq/policy*/related_cpus",
	"sys/devices/system/cpu/cpufreq/policy*/scaling_cur_freq",
	"sys/devices/system/cpu/present",
};

/* Their targets tell what is virtual, and which devices are one. */
static const char *const dump_links[] = {
	"sys/block/*",
	"sys/class/net/*/device",
	"sys/class/net/*/master",
};

/* Reads at most size - 1 bytes and ends them with NUL.  Their number, or -errno. */
static ssize_t dump_read(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t used = 0;
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	while (n > 0 && used < size - 1) {
		n = read(fd, buf + used, size - 1 - used);
		if (n > 0)
			used += (size_t)n;
	}
	n = n < 0 && used == 0 ? -errno : (ssize_t)used;
	close(fd);
	buf[used] = '\0';
	return n;
}

static void dump_file(struct jsonfile *j, const char *path, size_t root, char *buf)
{
	struct stat st;
	ssize_t n;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return;
	n = dump_read(path, buf, DUMP_FILE_MAX);
	if (n < 0)
		return;
	if (!memchr(buf, '\0', (size_t)n)) {
		jsonfile_long_text(j, path + root, buf);
		return;
	}
	jsonfile_open(j, path + root, '{');
	jsonfile_hex(j, "hex", (const uint8_t *)buf, (size_t)n);
	jsonfile_close(j, '}');
}

static void dump_link(struct jsonfile *j, const char *path, size_t root, char *buf)
{
	ssize_t n = readlink(path, buf, DUMP_LINK_MAX - 1);

	if (n <= 0)
		return;
	buf[n] = '\0';
	jsonfile_text(j, path + root, buf);
}

/* Everything that the patterns fit, by each(). */
static void dump_each(struct jsonfile *j, const char *root, const char *const *patterns,
	size_t count,
	void (*each)(struct jsonfile *j, const char *path, size_t root, char *buf))
{
	char pattern[DUMP_LINK_MAX];
	char *buf = xcalloc(DUMP_FILE_MAX, 1);

	for (size_t i = 0; i < count; i++) {
		glob_t found;

		snprintf(pattern, sizeof(pattern), "%s/%s", root, patterns[i]);
		if (glob(pattern, 0, NULL, &found) == 0)
			for (size_t k = 0; k < found.gl_pathc; k++)
				each(j, found.gl_pathv[k], strlen(root) + 1, buf);
		globfree(&found);
	}
	free(buf);
}

int linux_dump(FILE *f, const char *root, struct fault *why)
{
	struct jsonfile j = { f, 0, false };

	jsonfile_open(&j, NULL, '{');
	jsonfile_number(&j, "linux", 1);
	jsonfile_open(&j, "files", '{');
	dump_each(&j, root, dump_files, sizeof(dump_files) / sizeof(*dump_files), dump_file);
	jsonfile_close(&j, '}');
	jsonfile_open(&j, "links", '{');
	dump_each(&j, root, dump_links, sizeof(dump_links) / sizeof(*dump_links), dump_link);
	jsonfile_close(&j, '}');
	jsonfile_close(&j, '}');
	return fflush(f) != 0 || ferror(f) ? fault_set(why, -EIO, "the file cannot be written")
					   : 0;
}

int platform_dump(FILE *f, struct fault *why)
{
	return linux_dump(f, "", why);
}
