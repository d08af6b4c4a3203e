// SPDX-License-Identifier: MIT
#include "kernel/sandbox.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[] = "/tmp/skep-sandbox-XXXXXX";
static char bpffs[sizeof(root) + 16], cgroups[sizeof(root) + 16], cgroup[sizeof(root) + 32];
static bool has_bpffs, has_cgroup, has_network;

static bool set_up_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret = ioctl(fd, SIOCSIFFLAGS, &request);

	close(fd);
	return !ret;
}

/* Moves this process into a cgroup. */
static bool enter(const char *folder)
{
	char path[128];
	bool good;
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	good = fd >= 0 && write(fd, "0", 1) == 1;
	close(fd);
	return good;
}

int sandbox_setup(void **state)
{
	(void)state;
	if (!bpf_is_allowed() || !mkdtemp(root))
		return 0;
	snprintf(bpffs, sizeof(bpffs), "%s/bpf", root);
	snprintf(cgroups, sizeof(cgroups), "%s/cgroup", root);
	snprintf(cgroup, sizeof(cgroup), "%s/skep-%d", cgroups, getpid());
	if (unshare(CLONE_NEWNS) || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL))
		return 0;
	has_network = !unshare(CLONE_NEWNET) && set_up_loopback();
	has_bpffs = !mkdir(bpffs, 0700) && !mount("skep", bpffs, "bpf", 0, NULL);
	has_cgroup = !mkdir(cgroups, 0700) && !mount("skep", cgroups, "cgroup2", 0, NULL) &&
		     !mkdir(cgroup, 0700) && enter(cgroup);
	return 0;
}

static int remove_folder(const char *path, const struct stat *st, int type, struct FTW *place)
{
	(void)st;
	(void)place;
	if (type == FTW_DP)
		rmdir(path);
	return 0;
}

int sandbox_teardown(void **state)
{
	(void)state;
	if (has_cgroup)
		enter(cgroups);
	/* With what a failed test left below: programs stay attached as long as their cgroup. */
	nftw(cgroup, remove_folder, 8, FTW_DEPTH | FTW_PHYS);
	umount2(cgroups, MNT_DETACH);
	umount2(bpffs, MNT_DETACH);
	rmdir(cgroups);
	rmdir(bpffs);
	rmdir(root);
	return 0;
}

const char *sandbox_bpffs(void)
{
	return has_bpffs ? bpffs : NULL;
}

const char *sandbox_cgroup(void)
{
	return has_cgroup ? cgroup : NULL;
}

bool sandbox_has_network(void)
{
	return has_network;
}

const char *sandbox_pin(const char *name)
{
	static char paths[4][sizeof(bpffs) + 64];
	static int turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", bpffs, name);
	return path;
}

size_t sandbox_count_pins(void)
{
	DIR *dir = opendir(bpffs);
	size_t n = 0;

	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir));)
		n += !strchr(e->d_name, '.');
	closedir(dir);
	return n;
}

void sandbox_send(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(9),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)), 1);
	close(fd);
}
