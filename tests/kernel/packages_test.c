// SPDX-License-Identifier: MIT
/* Each package of examples/packages is run, fed with what it waits for, and says that it saw it. */
#include "kernel/disk_array.h"
#include "kernel/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#define PATIENCE_MS 20000

struct running {
	pid_t pid;
	int fd; /* both its outputs */
	char text[1 << 17];
	size_t len;
};

static struct running running;

static char own_pid[16];

/* `skep run NAME.skep -o jsonl` with options; "PID" among them stands for this process. */
static void start(const char *name, const char *const *options)
{
	const char *argv[16] = { getenv("SKEP_BIN"), "run" };
	char path[512];
	int fds[2], n = 2;

	snprintf(path, sizeof(path), "%s/%s.skep", getenv("SKEP_EXAMPLES"), name);
	snprintf(own_pid, sizeof(own_pid), "%d", getpid());
	argv[n++] = path;
	argv[n++] = "-o";
	argv[n++] = "jsonl";
	for (; options && *options; options++)
		argv[n++] = strcmp(*options, "PID") ? *options : own_pid;
	running.len = 0;
	running.text[0] = '\0';
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	running.pid = fork_with_test();
	if (!running.pid) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	close(fds[1]);
	running.fd = fds[0];
}

/* What it has printed in the meantime. False: it has ended. */
static bool listen_to(int wait_ms)
{
	struct pollfd pfd = { running.fd, POLLIN, 0 };
	ssize_t n;

	if (poll(&pfd, 1, wait_ms) <= 0)
		return true;
	n = read(running.fd, running.text + running.len, sizeof(running.text) - 1 - running.len);
	running.len += n > 0 ? (size_t)n : 0;
	running.text[running.len] = '\0';
	return n > 0;
}

/* Its exit code. */
static int end(void)
{
	int status;

	kill(running.pid, SIGINT);
	while (listen_to(5000))
		;
	close(running.fd);
	assert_int_equal(waitpid(running.pid, &status, 0), running.pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool has_said(const char *const *expected)
{
	for (; *expected; expected++)
		if (!strstr(running.text, *expected))
			return false;
	return true;
}

struct package {
	const char *name;
	const char *options[8];
	void (*feed)(void); /* until it has been seen */
	const char *expected[6];
};

static void run_package(const struct package *package)
{
	int code;

	/* Also where another program runs this one, as valgrind does. */
	prctl(PR_SET_NAME, "kernel-packages");
	start(package->name, package->options);
	for (int waited = 0; waited < PATIENCE_MS && !has_said(package->expected); waited += 20) {
		package->feed();
		if (!listen_to(20))
			break;
	}
	code = end();
	if (code == 3)
		SKIP_TEST("%s: %.300s", package->name, running.text);
	if (code || !has_said(package->expected))
		fail_msg("%s ended with %d and printed: %.3000s", package->name, code,
			 running.text);
}

#define RUN_PACKAGE(...) run_package(&(const struct package){ __VA_ARGS__ })

/* For hooks on functions that kernels have renamed, or keep in modules. */
static bool kernel_has_function(const char *name)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);

	return btf && skep_btf_find(btf, name, BTF_KIND_FUNC);
}

static void write_something(void)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	assert_int_equal(write(fd, "xyz", 3), 3);
	close(fd);
}

static void package_minimal(void **state)
{
	(void)state;
	NEED_BPF();
	RUN_PACKAGE("minimal", { "--pid", "PID" }, write_something, { "writes 3 bytes" });
}

static void start_a_process(void)
{
	pid_t pid = fork();

	if (!pid) {
		execlp("false", "false", NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

static void package_bootstrap(void **state)
{
	(void)state;
	NEED_BPF();
	RUN_PACKAGE("bootstrap", { "--parent", "PID" }, start_a_process,
		    { "\"exit_event\":false", "/false\"", "\"exit_event\":true", "\"exit_code\":1,",
		      "\"comm\":\"false\"" });
}

static void open_what_is_not_there(void)
{
	assert_int_equal(open("/nonexistent/file", O_RDONLY | O_CLOEXEC), -1);
	write_something();
}

static void package_opensnoop(void **state)
{
	(void)state;
	NEED_BPF();
	RUN_PACKAGE("opensnoop", { "-p", "PID", "--failed" }, open_what_is_not_there,
		    { "\"fname\":\"/nonexistent/file\"", "ENOENT" });
	assert_null(strstr(running.text, "/dev/null"));
}

static void send_a_signal(void)
{
	kill(getpid(), SIGCONT);
	kill(getpid(), 0);
}

static void package_sigsnoop(void **state)
{
	(void)state;
	NEED_BPF();
	RUN_PACKAGE("sigsnoop", { "--pid", "PID", "--signal", "18" }, send_a_signal,
		    { "\"sig\":\"SIGCONT\"", "\"tpid\":" });
}

static void connect_on_loopback(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(8733) };
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	assert_int_equal(bind(server, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(server, 1), 0);
	assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof(address)), 0);
	close(client);
	close(server);
}

static void package_tcpstates(void **state)
{
	(void)state;
	NEED_BPF();
	NEED(sandbox_has_network(), "no network namespace can be made here");
	RUN_PACKAGE("tcpstates", { "--dport", "8733" }, connect_on_loopback,
		    { "\"newstate\":\"SYN_SENT\"", "\"newstate\":\"ESTABLISHED\"", "\"dport\":8733",
		      "127.0.0.1" });
}

static void package_tc(void **state)
{
	(void)state;
	NEED_BPF();
	NEED(sandbox_has_network(), "no network namespace can be made here");
	RUN_PACKAGE("tc", { NULL }, sandbox_send, { "\"protocol\":17", "\"len\":" });
}

static void package_xdp(void **state)
{
	(void)state;
	NEED_BPF();
	NEED(sandbox_has_network(), "no network namespace can be made here");
	RUN_PACKAGE("xdp", { NULL }, sandbox_send, { "\"ifindex\":1,", "\"len\":" });
}

static void sleep_a_little(void)
{
	const struct timespec time = { .tv_nsec = 1000000 };

	for (int i = 0; i < 10; i++)
		nanosleep(&time, NULL);
}

static void package_runqlat(void **state)
{
	(void)state;
	NEED_BPF();
	RUN_PACKAGE("runqlat", { "--pid", "PID" }, sleep_a_little,
		    { "{\"key\":", "\"slots\":[", "\"comm\":\"kernel-package" });
}

static void work(void)
{
	for (volatile int i = 0; i < 10000000; i++)
		;
}

static void package_profile(void **state)
{
	(void)state;
	NEED_BPF();
	NEED(!getenv("SKEP_VALGRIND"), "valgrind runs code of its own, which has other names");
	RUN_PACKAGE("profile", { "--pid", "PID" }, work,
		    { "\"comm\":\"kernel-package", "\"symbol\":\"work\"" });
}

#define NEED_A_FUNCTION_THAT_DELETES()                                                       \
	NEED(kernel_has_function("do_unlinkat") || kernel_has_function("filename_unlinkat"), \
	     "this kernel has neither do_unlinkat nor filename_unlinkat")

static void delete_a_file(void)
{
	close(open("/tmp/skep-gone", O_CREAT | O_CLOEXEC | O_WRONLY, 0600));
	unlink("/tmp/skep-gone");
	unlink("/tmp/skep-gone");
}

static void package_fentry_link(void **state)
{
	(void)state;
	NEED_TRAMPOLINES();
	NEED_A_FUNCTION_THAT_DELETES();
	RUN_PACKAGE("fentry-link", { NULL }, delete_a_file,
		    { "\"name\":\"/tmp/skep-gone\"", "\"has_ended\":true", "ENOENT" });
}

static void package_kprobe_link(void **state)
{
	(void)state;
	NEED_VM();
	NEED_A_FUNCTION_THAT_DELETES();
	RUN_PACKAGE("kprobe-link", { NULL }, delete_a_file,
		    { "\"name\":\"/tmp/skep-gone\"", "\"has_ended\":true", "ENOENT" });
}

static int connect_to(const char *address)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(80) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int ret;

	inet_pton(AF_INET, address, &to.sin_addr);
	ret = connect(fd, (struct sockaddr *)&to, sizeof(to)) ? errno : 0;
	close(fd);
	return ret;
}

static void connect_to_both(void)
{
	connect_to("1.1.1.1");
	connect_to("127.0.0.1");
	/* As soon as it has said so, it is refused; another address is not. */
	if (strstr(running.text, "\"denied\":true")) {
		assert_int_equal(connect_to("1.1.1.1"), EPERM);
		assert_int_not_equal(connect_to("127.0.0.1"), EPERM);
	}
}

static void package_lsm_connect(void **state)
{
	(void)state;
	NEED_TRAMPOLINES();
	RUN_PACKAGE("lsm-connect", { NULL }, connect_to_both,
		    { "\"denied\":true", "\"denied\":false", "\"1.1.1.1\"", "\"port\":80" });
	assert_int_not_equal(connect_to("1.1.1.1"), EPERM);
}

static void type_into_bash(void)
{
	int ret = system("printf 'echo hello skep\\nexit\\n' | "
			 "script -qc 'bash --norc --noprofile' /dev/null >/dev/null 2>&1");

	(void)ret;
}

static void package_bashreadline(void **state)
{
	(void)state;
	NEED_VM();
	NEED(!access("/bin/bash", X_OK), "there is no /bin/bash in this machine");
	RUN_PACKAGE("bashreadline", { NULL }, type_into_bash,
		    { "\"text\":\"echo hello skep\"", "\"comm\":\"bash\"" });
}

static int array = -1;

static void flush_the_array(void)
{
	static const char block[4096];

	assert_int_equal(pwrite(array, block, sizeof(block), 0), sizeof(block));
	fsync(array);
}

static void package_mdflush(void **state)
{
	char why[200] = "";

	(void)state;
	NEED_TRAMPOLINES();
	NEED(!access("/sys/kernel/btf/md_mod", R_OK) || kernel_has_function("md_flush_request"),
	     "this kernel has no module md_mod, or no types of it");
	array = disk_array_open("md_skep", why, sizeof(why));
	NEED(array >= 0, "no array of disks can be made here: %s", why);
	RUN_PACKAGE("mdflush", { NULL }, flush_the_array,
		    { "\"disk\":\"md_skep\"", "\"comm\":\"kernel-package" });
	disk_array_close(array);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(package_minimal),     cmocka_unit_test(package_bootstrap),
		cmocka_unit_test(package_opensnoop),   cmocka_unit_test(package_sigsnoop),
		cmocka_unit_test(package_tcpstates),   cmocka_unit_test(package_tc),
		cmocka_unit_test(package_xdp),	       cmocka_unit_test(package_profile),
		cmocka_unit_test(package_runqlat),     cmocka_unit_test(package_fentry_link),
		cmocka_unit_test(package_kprobe_link), cmocka_unit_test(package_lsm_connect),
		cmocka_unit_test(package_mdflush),     cmocka_unit_test(package_bashreadline),
	};

	return cmocka_run_group_tests(tests, sandbox_setup, sandbox_teardown);
}
