/* SPDX-License-Identifier: MIT */
/*
 * The declarations of the doubles, said once more.  Compiled against the doubles' headers and
 * against the SDK's ("make darwin"), each must agree with both, or the doubles pretend a Mac
 * that does not exist.  Only functions without a header (IOReport, HID) are beyond this.
 */
#include <sys/types.h>
#include <sys/socket.h>

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOKitLib.h>
#include <dlfcn.h>
#include <launch.h>
#include <libproc.h>
#include <mach/mach.h>
#include <mach/mach_time.h>
#include <net/if.h>
#include <net/if_dl.h>
#include <net/if_mib.h>
#include <net/route.h>
#include <notify.h>
#include <stddef.h>
#include <sys/param.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

CFTypeRef CFRetain(CFTypeRef cf);
void CFRelease(CFTypeRef cf);
CFTypeID CFGetTypeID(CFTypeRef cf);
CFTypeID CFStringGetTypeID(void);
CFStringRef CFStringCreateWithCString(CFAllocatorRef a, const char *t, CFStringEncoding e);
Boolean CFStringGetCString(CFStringRef s, char *b, CFIndex n, CFStringEncoding e);
CFTypeID CFNumberGetTypeID(void);
CFTypeID CFBooleanGetTypeID(void);
Boolean CFBooleanGetValue(CFBooleanRef b);
CFNumberRef CFNumberCreate(CFAllocatorRef a, CFNumberType t, const void *v);
Boolean CFNumberGetValue(CFNumberRef n, CFNumberType t, void *v);
CFTypeID CFDataGetTypeID(void);
CFIndex CFDataGetLength(CFDataRef d);
const UInt8 *CFDataGetBytePtr(CFDataRef d);
CFTypeID CFArrayGetTypeID(void);
CFIndex CFArrayGetCount(CFArrayRef a);
const void *CFArrayGetValueAtIndex(CFArrayRef a, CFIndex i);
CFMutableArrayRef CFArrayCreateMutable(CFAllocatorRef a, CFIndex n, const CFArrayCallBacks *c);
void CFArrayAppendValue(CFMutableArrayRef a, const void *v);
CFTypeID CFDictionaryGetTypeID(void);
const void *CFDictionaryGetValue(CFDictionaryRef d, const void *k);
CFMutableDictionaryRef CFDictionaryCreateMutable(CFAllocatorRef a, CFIndex n,
	const CFDictionaryKeyCallBacks *k, const CFDictionaryValueCallBacks *v);
CFMutableDictionaryRef CFDictionaryCreateMutableCopy(
	CFAllocatorRef a, CFIndex n, CFDictionaryRef d);
void CFDictionarySetValue(CFMutableDictionaryRef d, const void *k, const void *v);

int launch_activate_socket(const char *name, int **fds, size_t *count);
kern_return_t task_info(
	task_name_t task, task_flavor_t f, task_info_t info, mach_msg_type_number_t *count);
int getpeereid(int fd, uid_t *uid, gid_t *gid);
int getgrouplist(const char *user, int group, int *groups, int *count);
size_t confstr(int name, char *to, size_t size);

CFMutableDictionaryRef IOServiceMatching(const char *name);
io_service_t IOServiceGetMatchingService(mach_port_t port, CFDictionaryRef matching);
kern_return_t IOServiceGetMatchingServices(
	mach_port_t port, CFDictionaryRef matching, io_iterator_t *existing);
io_object_t IOIteratorNext(io_iterator_t iterator);
boolean_t IOIteratorIsValid(io_iterator_t iterator);
kern_return_t IOObjectRelease(io_object_t object);
kern_return_t IORegistryEntryGetName(io_registry_entry_t entry, io_name_t name);
kern_return_t IORegistryEntryGetRegistryEntryID(io_registry_entry_t entry, uint64_t *id);
io_registry_entry_t IORegistryEntryFromPath(mach_port_t port, const char *path);
kern_return_t IORegistryEntryGetChildIterator(
	io_registry_entry_t entry, const char *plane, io_iterator_t *iterator);
CFTypeRef IORegistryEntryCreateCFProperty(
	io_registry_entry_t entry, CFStringRef key, CFAllocatorRef a, IOOptionBits options);
CFTypeRef IORegistryEntrySearchCFProperty(io_registry_entry_t entry, const char *plane,
	CFStringRef key, CFAllocatorRef a, IOOptionBits options);
kern_return_t IOServiceOpen(
	io_service_t service, task_port_t task, uint32_t type, io_connect_t *connect);
kern_return_t IOServiceClose(io_connect_t connect);
kern_return_t IOConnectCallStructMethod(mach_port_t connection, uint32_t selector,
	const void *input, size_t input_size, void *output, size_t *output_size);

mach_port_t mach_host_self(void);
kern_return_t mach_port_deallocate(ipc_space_t task, mach_port_name_t name);
kern_return_t host_page_size(host_t host, vm_size_t *size);
kern_return_t host_statistics64(
	host_t host, host_flavor_t flavor, host_info64_t info, mach_msg_type_number_t *count);
kern_return_t host_processor_info(host_t host, processor_flavor_t flavor, natural_t *cpus,
	processor_info_array_t *info, mach_msg_type_number_t *count);
kern_return_t vm_deallocate(vm_map_t task, vm_address_t address, vm_size_t size);
kern_return_t mach_timebase_info(mach_timebase_info_t info);
kern_return_t mach_wait_until(uint64_t deadline);
uint64_t mach_absolute_time(void);
uint64_t mach_continuous_time(void);

uint32_t notify_register_check(const char *name, int *token);
uint32_t notify_get_state(int token, uint64_t *state);
uint32_t notify_cancel(int token);
void *dlopen(const char *path, int mode);
void *dlsym(void *handle, const char *symbol);
int dlclose(void *handle);
int sysctlbyname(const char *name, void *old, size_t *old_size, void *value, size_t size);
int sysctl(
	int *name, unsigned int levels, void *old, size_t *old_size, void *value, size_t size);

int proc_listpids(uint32_t type, uint32_t typeinfo, void *buffer, int size);
int proc_pidinfo(int pid, int flavor, uint64_t arg, void *buffer, int size);
int proc_pid_rusage(int pid, int flavor, rusage_info_t *buffer);
int proc_pidpath(int pid, void *buffer, uint32_t size);

#define SAME(what, value) _Static_assert((what) == (value), #what)

SAME(kCFStringEncodingUTF8, 0x08000100);
SAME(kCFNumberSInt32Type, 3);
SAME(kCFNumberSInt64Type, 4);
SAME(kCFNumberDoubleType, 13);
SAME(sizeof(CFTypeID), sizeof(unsigned long));
SAME(sizeof(io_name_t), 128);
SAME(sizeof(io_string_t), 512);
SAME(sizeof(kIOServicePlane), sizeof("IOService"));
SAME(sizeof(kIODeviceTreePlane), sizeof("IODeviceTree"));
SAME(kIORegistryIterateRecursively, 1);
SAME(kIORegistryIterateParents, 2);
SAME(HOST_VM_INFO64, 4);
SAME(PROCESSOR_CPU_LOAD_INFO, 2);
SAME(CPU_STATE_USER, 0);
SAME(CPU_STATE_SYSTEM, 1);
SAME(CPU_STATE_IDLE, 2);
SAME(CPU_STATE_NICE, 3);
SAME(MIG_ARRAY_TOO_LARGE, -307);
SAME(sizeof(vm_statistics64_data_t), 152);
SAME(offsetof(vm_statistics64_data_t, purgeable_count), 88);
SAME(offsetof(vm_statistics64_data_t, swapins), 112);
SAME(offsetof(vm_statistics64_data_t, compressor_page_count), 128);
SAME(offsetof(vm_statistics64_data_t, internal_page_count), 140);
SAME(sizeof(mach_timebase_info_data_t), 8);
SAME(NOTIFY_STATUS_OK, 0);
SAME(CTL_NET, 4);
SAME(PF_LINK, 18);
SAME(NET_RT_IFLIST2, 6);
SAME(RTM_IFINFO2, 0x12);
SAME(NETLINK_GENERIC, 0);
SAME(IFMIB_IFDATA, 2);
SAME(IFDATA_GENERAL, 1);
SAME(sizeof(struct xsw_usage), 32);
SAME(offsetof(struct xsw_usage, xsu_used), 16);
SAME(sizeof(struct loadavg), 24);
SAME(offsetof(struct loadavg, fscale), 16);
SAME(sizeof(struct ifmibdata), 180);
SAME(offsetof(struct ifmibdata, ifmd_data), 52);
SAME(offsetof(struct ifmibdata, ifmd_data.ifi_ibytes), 52 + 64);
SAME(offsetof(struct ifmibdata, ifmd_data.ifi_obytes), 52 + 72);
SAME(sizeof(struct if_msghdr2), 160);
SAME(offsetof(struct if_msghdr2, ifm_index), 12);
SAME(offsetof(struct if_msghdr2, ifm_data), 32);
SAME(offsetof(struct sockaddr_dl, sdl_nlen), 5);
SAME(offsetof(struct sockaddr_dl, sdl_data), 8);
SAME(IFF_UP, 1);
SAME(IFF_LOOPBACK, 8);
SAME(PF_ROUTE, 17);
SAME(CTL_KERN, 1);
SAME(KERN_PROCARGS2, 49);
SAME(MAXCOMLEN, 16);
SAME(PROC_ALL_PIDS, 1);
SAME(PROC_PIDTASKALLINFO, 2);
SAME(PROC_PIDTBSDINFO, 3);
SAME(PROC_PIDT_SHORTBSDINFO, 13);
SAME(SIDL, 1);
SAME(SRUN, 2);
SAME(SSLEEP, 3);
SAME(SSTOP, 4);
SAME(SZOMB, 5);
SAME(sizeof(struct proc_bsdinfo), 136);
SAME(offsetof(struct proc_bsdinfo, pbi_status), 4);
SAME(offsetof(struct proc_bsdinfo, pbi_ppid), 16);
SAME(offsetof(struct proc_bsdinfo, pbi_uid), 20);
SAME(offsetof(struct proc_bsdinfo, pbi_comm), 48);
SAME(sizeof(((struct proc_bsdinfo *)0)->pbi_comm), 16);
SAME(offsetof(struct proc_bsdinfo, pbi_name), 64);
SAME(sizeof(((struct proc_bsdinfo *)0)->pbi_name), 32);
SAME(offsetof(struct proc_bsdinfo, pbi_start_tvsec), 120);
SAME(sizeof(struct proc_bsdshortinfo), 64);
SAME(offsetof(struct proc_bsdshortinfo, pbsi_ppid), 4);
SAME(offsetof(struct proc_bsdshortinfo, pbsi_status), 12);
SAME(offsetof(struct proc_bsdshortinfo, pbsi_comm), 16);
SAME(offsetof(struct proc_bsdshortinfo, pbsi_uid), 36);
SAME(sizeof(struct proc_taskallinfo), 232);
SAME(offsetof(struct proc_taskallinfo, ptinfo.pti_resident_size), 144);
SAME(offsetof(struct proc_taskallinfo, ptinfo.pti_total_user), 152);
SAME(offsetof(struct proc_taskallinfo, ptinfo.pti_total_system), 160);
SAME(offsetof(struct proc_taskallinfo, ptinfo.pti_threadnum), 220);
SAME(offsetof(struct proc_taskallinfo, ptinfo.pti_numrunning), 224);
SAME(RUSAGE_INFO_V4, 4);
SAME(sizeof(struct rusage_info_v4), 296);
SAME(offsetof(struct rusage_info_v4, ri_phys_footprint), 72);
SAME(offsetof(struct rusage_info_v4, ri_child_user_time), 96);
SAME(offsetof(struct rusage_info_v4, ri_child_system_time), 104);
SAME(offsetof(struct rusage_info_v4, ri_diskio_bytesread), 144);
SAME(offsetof(struct rusage_info_v4, ri_diskio_byteswritten), 152);
SAME(SO_NOSIGPIPE, 0x1022);
SAME(SOL_LOCAL, 0);
SAME(LOCAL_PEERPID, 2);
SAME(_CS_DARWIN_USER_TEMP_DIR, 65537);
SAME(MACH_TASK_BASIC_INFO, 20);
SAME(sizeof(struct mach_task_basic_info), 48);
SAME(offsetof(struct mach_task_basic_info, resident_size), 8);
