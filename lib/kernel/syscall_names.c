// SPDX-License-Identifier: MIT
/*
 * Names of system calls by the numbers of the machine that this is compiled for. Calls that its
 * headers may not know yet have the same number everywhere.
 * Written by scripts/gen-syscalls.py from the headers of Linux: change that, not this.
 */
/* clang-format off */
#include <asm/unistd.h>

#include "kernel/syscall_name.h"

#define NAME(call)	 [__NR_##call] = #call,
#define NAME_AT(nr, call) [nr] = #call,

const char *const skep_syscall_names[] = {
#ifdef __NR__sysctl
	NAME(_sysctl)
#endif
#ifdef __NR_accept
	NAME(accept)
#endif
#ifdef __NR_accept4
	NAME(accept4)
#endif
#ifdef __NR_access
	NAME(access)
#endif
#ifdef __NR_acct
	NAME(acct)
#endif
#ifdef __NR_add_key
	NAME(add_key)
#endif
#ifdef __NR_adjtimex
	NAME(adjtimex)
#endif
#ifdef __NR_afs_syscall
	NAME(afs_syscall)
#endif
#ifdef __NR_alarm
	NAME(alarm)
#endif
#ifdef __NR_arch_prctl
	NAME(arch_prctl)
#endif
#ifdef __NR_bdflush
	NAME(bdflush)
#endif
#ifdef __NR_bind
	NAME(bind)
#endif
#ifdef __NR_bpf
	NAME(bpf)
#endif
#ifdef __NR_brk
	NAME(brk)
#endif
#ifdef __NR_cachestat
	NAME(cachestat)
#else
	NAME_AT(451, cachestat)
#endif
#ifdef __NR_capget
	NAME(capget)
#endif
#ifdef __NR_capset
	NAME(capset)
#endif
#ifdef __NR_chdir
	NAME(chdir)
#endif
#ifdef __NR_chmod
	NAME(chmod)
#endif
#ifdef __NR_chown
	NAME(chown)
#endif
#ifdef __NR_chroot
	NAME(chroot)
#endif
#ifdef __NR_clock_adjtime
	NAME(clock_adjtime)
#endif
#ifdef __NR_clock_getres
	NAME(clock_getres)
#endif
#ifdef __NR_clock_gettime
	NAME(clock_gettime)
#endif
#ifdef __NR_clock_nanosleep
	NAME(clock_nanosleep)
#endif
#ifdef __NR_clock_settime
	NAME(clock_settime)
#endif
#ifdef __NR_clone
	NAME(clone)
#endif
#ifdef __NR_clone3
	NAME(clone3)
#else
	NAME_AT(435, clone3)
#endif
#ifdef __NR_close
	NAME(close)
#endif
#ifdef __NR_close_range
	NAME(close_range)
#else
	NAME_AT(436, close_range)
#endif
#ifdef __NR_connect
	NAME(connect)
#endif
#ifdef __NR_copy_file_range
	NAME(copy_file_range)
#endif
#ifdef __NR_creat
	NAME(creat)
#endif
#ifdef __NR_create_module
	NAME(create_module)
#endif
#ifdef __NR_delete_module
	NAME(delete_module)
#endif
#ifdef __NR_dup
	NAME(dup)
#endif
#ifdef __NR_dup2
	NAME(dup2)
#endif
#ifdef __NR_dup3
	NAME(dup3)
#endif
#ifdef __NR_epoll_create
	NAME(epoll_create)
#endif
#ifdef __NR_epoll_create1
	NAME(epoll_create1)
#endif
#ifdef __NR_epoll_ctl
	NAME(epoll_ctl)
#endif
#ifdef __NR_epoll_ctl_old
	NAME(epoll_ctl_old)
#endif
#ifdef __NR_epoll_pwait
	NAME(epoll_pwait)
#endif
#ifdef __NR_epoll_pwait2
	NAME(epoll_pwait2)
#else
	NAME_AT(441, epoll_pwait2)
#endif
#ifdef __NR_epoll_wait
	NAME(epoll_wait)
#endif
#ifdef __NR_epoll_wait_old
	NAME(epoll_wait_old)
#endif
#ifdef __NR_eventfd
	NAME(eventfd)
#endif
#ifdef __NR_eventfd2
	NAME(eventfd2)
#endif
#ifdef __NR_execve
	NAME(execve)
#endif
#ifdef __NR_execveat
	NAME(execveat)
#endif
#ifdef __NR_exit
	NAME(exit)
#endif
#ifdef __NR_exit_group
	NAME(exit_group)
#endif
#ifdef __NR_faccessat
	NAME(faccessat)
#endif
#ifdef __NR_faccessat2
	NAME(faccessat2)
#else
	NAME_AT(439, faccessat2)
#endif
#ifdef __NR_fadvise64
	NAME(fadvise64)
#endif
#ifdef __NR_fallocate
	NAME(fallocate)
#endif
#ifdef __NR_fanotify_init
	NAME(fanotify_init)
#endif
#ifdef __NR_fanotify_mark
	NAME(fanotify_mark)
#endif
#ifdef __NR_fchdir
	NAME(fchdir)
#endif
#ifdef __NR_fchmod
	NAME(fchmod)
#endif
#ifdef __NR_fchmodat
	NAME(fchmodat)
#endif
#ifdef __NR_fchmodat2
	NAME(fchmodat2)
#else
	NAME_AT(452, fchmodat2)
#endif
#ifdef __NR_fchown
	NAME(fchown)
#endif
#ifdef __NR_fchownat
	NAME(fchownat)
#endif
#ifdef __NR_fcntl
	NAME(fcntl)
#endif
#ifdef __NR_fdatasync
	NAME(fdatasync)
#endif
#ifdef __NR_fgetxattr
	NAME(fgetxattr)
#endif
#ifdef __NR_file_getattr
	NAME(file_getattr)
#else
	NAME_AT(468, file_getattr)
#endif
#ifdef __NR_file_setattr
	NAME(file_setattr)
#else
	NAME_AT(469, file_setattr)
#endif
#ifdef __NR_finit_module
	NAME(finit_module)
#endif
#ifdef __NR_flistxattr
	NAME(flistxattr)
#endif
#ifdef __NR_flock
	NAME(flock)
#endif
#ifdef __NR_fork
	NAME(fork)
#endif
#ifdef __NR_fremovexattr
	NAME(fremovexattr)
#endif
#ifdef __NR_fsconfig
	NAME(fsconfig)
#else
	NAME_AT(431, fsconfig)
#endif
#ifdef __NR_fsetxattr
	NAME(fsetxattr)
#endif
#ifdef __NR_fsmount
	NAME(fsmount)
#else
	NAME_AT(432, fsmount)
#endif
#ifdef __NR_fsopen
	NAME(fsopen)
#else
	NAME_AT(430, fsopen)
#endif
#ifdef __NR_fspick
	NAME(fspick)
#else
	NAME_AT(433, fspick)
#endif
#ifdef __NR_fstat
	NAME(fstat)
#endif
#ifdef __NR_fstatfs
	NAME(fstatfs)
#endif
#ifdef __NR_fstatfs64
	NAME(fstatfs64)
#endif
#ifdef __NR_fsync
	NAME(fsync)
#endif
#ifdef __NR_ftruncate
	NAME(ftruncate)
#endif
#ifdef __NR_futex
	NAME(futex)
#endif
#ifdef __NR_futex_requeue
	NAME(futex_requeue)
#else
	NAME_AT(456, futex_requeue)
#endif
#ifdef __NR_futex_wait
	NAME(futex_wait)
#else
	NAME_AT(455, futex_wait)
#endif
#ifdef __NR_futex_waitv
	NAME(futex_waitv)
#else
	NAME_AT(449, futex_waitv)
#endif
#ifdef __NR_futex_wake
	NAME(futex_wake)
#else
	NAME_AT(454, futex_wake)
#endif
#ifdef __NR_futimesat
	NAME(futimesat)
#endif
#ifdef __NR_get_kernel_syms
	NAME(get_kernel_syms)
#endif
#ifdef __NR_get_mempolicy
	NAME(get_mempolicy)
#endif
#ifdef __NR_get_robust_list
	NAME(get_robust_list)
#endif
#ifdef __NR_get_thread_area
	NAME(get_thread_area)
#endif
#ifdef __NR_getcpu
	NAME(getcpu)
#endif
#ifdef __NR_getcwd
	NAME(getcwd)
#endif
#ifdef __NR_getdents
	NAME(getdents)
#endif
#ifdef __NR_getdents64
	NAME(getdents64)
#endif
#ifdef __NR_getegid
	NAME(getegid)
#endif
#ifdef __NR_geteuid
	NAME(geteuid)
#endif
#ifdef __NR_getgid
	NAME(getgid)
#endif
#ifdef __NR_getgroups
	NAME(getgroups)
#endif
#ifdef __NR_getitimer
	NAME(getitimer)
#endif
#ifdef __NR_getpeername
	NAME(getpeername)
#endif
#ifdef __NR_getpgid
	NAME(getpgid)
#endif
#ifdef __NR_getpgrp
	NAME(getpgrp)
#endif
#ifdef __NR_getpid
	NAME(getpid)
#endif
#ifdef __NR_getpmsg
	NAME(getpmsg)
#endif
#ifdef __NR_getppid
	NAME(getppid)
#endif
#ifdef __NR_getpriority
	NAME(getpriority)
#endif
#ifdef __NR_getrandom
	NAME(getrandom)
#endif
#ifdef __NR_getresgid
	NAME(getresgid)
#endif
#ifdef __NR_getresuid
	NAME(getresuid)
#endif
#ifdef __NR_getrlimit
	NAME(getrlimit)
#endif
#ifdef __NR_getrusage
	NAME(getrusage)
#endif
#ifdef __NR_getsid
	NAME(getsid)
#endif
#ifdef __NR_getsockname
	NAME(getsockname)
#endif
#ifdef __NR_getsockopt
	NAME(getsockopt)
#endif
#ifdef __NR_gettid
	NAME(gettid)
#endif
#ifdef __NR_gettimeofday
	NAME(gettimeofday)
#endif
#ifdef __NR_getuid
	NAME(getuid)
#endif
#ifdef __NR_getxattr
	NAME(getxattr)
#endif
#ifdef __NR_getxattrat
	NAME(getxattrat)
#else
	NAME_AT(464, getxattrat)
#endif
#ifdef __NR_idle
	NAME(idle)
#endif
#ifdef __NR_init_module
	NAME(init_module)
#endif
#ifdef __NR_inotify_add_watch
	NAME(inotify_add_watch)
#endif
#ifdef __NR_inotify_init
	NAME(inotify_init)
#endif
#ifdef __NR_inotify_init1
	NAME(inotify_init1)
#endif
#ifdef __NR_inotify_rm_watch
	NAME(inotify_rm_watch)
#endif
#ifdef __NR_io_cancel
	NAME(io_cancel)
#endif
#ifdef __NR_io_destroy
	NAME(io_destroy)
#endif
#ifdef __NR_io_getevents
	NAME(io_getevents)
#endif
#ifdef __NR_io_pgetevents
	NAME(io_pgetevents)
#endif
#ifdef __NR_io_setup
	NAME(io_setup)
#endif
#ifdef __NR_io_submit
	NAME(io_submit)
#endif
#ifdef __NR_io_uring_enter
	NAME(io_uring_enter)
#else
	NAME_AT(426, io_uring_enter)
#endif
#ifdef __NR_io_uring_register
	NAME(io_uring_register)
#else
	NAME_AT(427, io_uring_register)
#endif
#ifdef __NR_io_uring_setup
	NAME(io_uring_setup)
#else
	NAME_AT(425, io_uring_setup)
#endif
#ifdef __NR_ioctl
	NAME(ioctl)
#endif
#ifdef __NR_ioperm
	NAME(ioperm)
#endif
#ifdef __NR_iopl
	NAME(iopl)
#endif
#ifdef __NR_ioprio_get
	NAME(ioprio_get)
#endif
#ifdef __NR_ioprio_set
	NAME(ioprio_set)
#endif
#ifdef __NR_ipc
	NAME(ipc)
#endif
#ifdef __NR_kcmp
	NAME(kcmp)
#endif
#ifdef __NR_kexec_file_load
	NAME(kexec_file_load)
#endif
#ifdef __NR_kexec_load
	NAME(kexec_load)
#endif
#ifdef __NR_keyctl
	NAME(keyctl)
#endif
#ifdef __NR_kill
	NAME(kill)
#endif
#ifdef __NR_landlock_add_rule
	NAME(landlock_add_rule)
#else
	NAME_AT(445, landlock_add_rule)
#endif
#ifdef __NR_landlock_create_ruleset
	NAME(landlock_create_ruleset)
#else
	NAME_AT(444, landlock_create_ruleset)
#endif
#ifdef __NR_landlock_restrict_self
	NAME(landlock_restrict_self)
#else
	NAME_AT(446, landlock_restrict_self)
#endif
#ifdef __NR_lchown
	NAME(lchown)
#endif
#ifdef __NR_lgetxattr
	NAME(lgetxattr)
#endif
#ifdef __NR_link
	NAME(link)
#endif
#ifdef __NR_linkat
	NAME(linkat)
#endif
#ifdef __NR_listen
	NAME(listen)
#endif
#ifdef __NR_listmount
	NAME(listmount)
#else
	NAME_AT(458, listmount)
#endif
#ifdef __NR_listns
	NAME(listns)
#else
	NAME_AT(470, listns)
#endif
#ifdef __NR_listxattr
	NAME(listxattr)
#endif
#ifdef __NR_listxattrat
	NAME(listxattrat)
#else
	NAME_AT(465, listxattrat)
#endif
#ifdef __NR_llistxattr
	NAME(llistxattr)
#endif
#ifdef __NR_lookup_dcookie
	NAME(lookup_dcookie)
#endif
#ifdef __NR_lremovexattr
	NAME(lremovexattr)
#endif
#ifdef __NR_lseek
	NAME(lseek)
#endif
#ifdef __NR_lsetxattr
	NAME(lsetxattr)
#endif
#ifdef __NR_lsm_get_self_attr
	NAME(lsm_get_self_attr)
#else
	NAME_AT(459, lsm_get_self_attr)
#endif
#ifdef __NR_lsm_list_modules
	NAME(lsm_list_modules)
#else
	NAME_AT(461, lsm_list_modules)
#endif
#ifdef __NR_lsm_set_self_attr
	NAME(lsm_set_self_attr)
#else
	NAME_AT(460, lsm_set_self_attr)
#endif
#ifdef __NR_lstat
	NAME(lstat)
#endif
#ifdef __NR_madvise
	NAME(madvise)
#endif
#ifdef __NR_map_shadow_stack
	NAME(map_shadow_stack)
#else
	NAME_AT(453, map_shadow_stack)
#endif
#ifdef __NR_mbind
	NAME(mbind)
#endif
#ifdef __NR_membarrier
	NAME(membarrier)
#endif
#ifdef __NR_memfd_create
	NAME(memfd_create)
#endif
#ifdef __NR_memfd_secret
	NAME(memfd_secret)
#else
	NAME_AT(447, memfd_secret)
#endif
#ifdef __NR_migrate_pages
	NAME(migrate_pages)
#endif
#ifdef __NR_mincore
	NAME(mincore)
#endif
#ifdef __NR_mkdir
	NAME(mkdir)
#endif
#ifdef __NR_mkdirat
	NAME(mkdirat)
#endif
#ifdef __NR_mknod
	NAME(mknod)
#endif
#ifdef __NR_mknodat
	NAME(mknodat)
#endif
#ifdef __NR_mlock
	NAME(mlock)
#endif
#ifdef __NR_mlock2
	NAME(mlock2)
#endif
#ifdef __NR_mlockall
	NAME(mlockall)
#endif
#ifdef __NR_mmap
	NAME(mmap)
#endif
#ifdef __NR_modify_ldt
	NAME(modify_ldt)
#endif
#ifdef __NR_mount
	NAME(mount)
#endif
#ifdef __NR_mount_setattr
	NAME(mount_setattr)
#else
	NAME_AT(442, mount_setattr)
#endif
#ifdef __NR_move_mount
	NAME(move_mount)
#else
	NAME_AT(429, move_mount)
#endif
#ifdef __NR_move_pages
	NAME(move_pages)
#endif
#ifdef __NR_mprotect
	NAME(mprotect)
#endif
#ifdef __NR_mq_getsetattr
	NAME(mq_getsetattr)
#endif
#ifdef __NR_mq_notify
	NAME(mq_notify)
#endif
#ifdef __NR_mq_open
	NAME(mq_open)
#endif
#ifdef __NR_mq_timedreceive
	NAME(mq_timedreceive)
#endif
#ifdef __NR_mq_timedsend
	NAME(mq_timedsend)
#endif
#ifdef __NR_mq_unlink
	NAME(mq_unlink)
#endif
#ifdef __NR_mremap
	NAME(mremap)
#endif
#ifdef __NR_mseal
	NAME(mseal)
#else
	NAME_AT(462, mseal)
#endif
#ifdef __NR_msgctl
	NAME(msgctl)
#endif
#ifdef __NR_msgget
	NAME(msgget)
#endif
#ifdef __NR_msgrcv
	NAME(msgrcv)
#endif
#ifdef __NR_msgsnd
	NAME(msgsnd)
#endif
#ifdef __NR_msync
	NAME(msync)
#endif
#ifdef __NR_munlock
	NAME(munlock)
#endif
#ifdef __NR_munlockall
	NAME(munlockall)
#endif
#ifdef __NR_munmap
	NAME(munmap)
#endif
#ifdef __NR_name_to_handle_at
	NAME(name_to_handle_at)
#endif
#ifdef __NR_nanosleep
	NAME(nanosleep)
#endif
#ifdef __NR_newfstatat
	NAME(newfstatat)
#endif
#ifdef __NR_nfsservctl
	NAME(nfsservctl)
#endif
#ifdef __NR_nice
	NAME(nice)
#endif
#ifdef __NR_open
	NAME(open)
#endif
#ifdef __NR_open_by_handle_at
	NAME(open_by_handle_at)
#endif
#ifdef __NR_open_tree
	NAME(open_tree)
#else
	NAME_AT(428, open_tree)
#endif
#ifdef __NR_open_tree_attr
	NAME(open_tree_attr)
#else
	NAME_AT(467, open_tree_attr)
#endif
#ifdef __NR_openat
	NAME(openat)
#endif
#ifdef __NR_openat2
	NAME(openat2)
#else
	NAME_AT(437, openat2)
#endif
#ifdef __NR_pause
	NAME(pause)
#endif
#ifdef __NR_perf_event_open
	NAME(perf_event_open)
#endif
#ifdef __NR_personality
	NAME(personality)
#endif
#ifdef __NR_pidfd_getfd
	NAME(pidfd_getfd)
#else
	NAME_AT(438, pidfd_getfd)
#endif
#ifdef __NR_pidfd_open
	NAME(pidfd_open)
#else
	NAME_AT(434, pidfd_open)
#endif
#ifdef __NR_pidfd_send_signal
	NAME(pidfd_send_signal)
#else
	NAME_AT(424, pidfd_send_signal)
#endif
#ifdef __NR_pipe
	NAME(pipe)
#endif
#ifdef __NR_pipe2
	NAME(pipe2)
#endif
#ifdef __NR_pivot_root
	NAME(pivot_root)
#endif
#ifdef __NR_pkey_alloc
	NAME(pkey_alloc)
#endif
#ifdef __NR_pkey_free
	NAME(pkey_free)
#endif
#ifdef __NR_pkey_mprotect
	NAME(pkey_mprotect)
#endif
#ifdef __NR_poll
	NAME(poll)
#endif
#ifdef __NR_ppoll
	NAME(ppoll)
#endif
#ifdef __NR_prctl
	NAME(prctl)
#endif
#ifdef __NR_pread64
	NAME(pread64)
#endif
#ifdef __NR_preadv
	NAME(preadv)
#endif
#ifdef __NR_preadv2
	NAME(preadv2)
#endif
#ifdef __NR_prlimit64
	NAME(prlimit64)
#endif
#ifdef __NR_process_madvise
	NAME(process_madvise)
#else
	NAME_AT(440, process_madvise)
#endif
#ifdef __NR_process_mrelease
	NAME(process_mrelease)
#else
	NAME_AT(448, process_mrelease)
#endif
#ifdef __NR_process_vm_readv
	NAME(process_vm_readv)
#endif
#ifdef __NR_process_vm_writev
	NAME(process_vm_writev)
#endif
#ifdef __NR_pselect6
	NAME(pselect6)
#endif
#ifdef __NR_ptrace
	NAME(ptrace)
#endif
#ifdef __NR_putpmsg
	NAME(putpmsg)
#endif
#ifdef __NR_pwrite64
	NAME(pwrite64)
#endif
#ifdef __NR_pwritev
	NAME(pwritev)
#endif
#ifdef __NR_pwritev2
	NAME(pwritev2)
#endif
#ifdef __NR_query_module
	NAME(query_module)
#endif
#ifdef __NR_quotactl
	NAME(quotactl)
#endif
#ifdef __NR_quotactl_fd
	NAME(quotactl_fd)
#else
	NAME_AT(443, quotactl_fd)
#endif
#ifdef __NR_read
	NAME(read)
#endif
#ifdef __NR_readahead
	NAME(readahead)
#endif
#ifdef __NR_readdir
	NAME(readdir)
#endif
#ifdef __NR_readlink
	NAME(readlink)
#endif
#ifdef __NR_readlinkat
	NAME(readlinkat)
#endif
#ifdef __NR_readv
	NAME(readv)
#endif
#ifdef __NR_reboot
	NAME(reboot)
#endif
#ifdef __NR_recvfrom
	NAME(recvfrom)
#endif
#ifdef __NR_recvmmsg
	NAME(recvmmsg)
#endif
#ifdef __NR_recvmsg
	NAME(recvmsg)
#endif
#ifdef __NR_remap_file_pages
	NAME(remap_file_pages)
#endif
#ifdef __NR_removexattr
	NAME(removexattr)
#endif
#ifdef __NR_removexattrat
	NAME(removexattrat)
#else
	NAME_AT(466, removexattrat)
#endif
#ifdef __NR_rename
	NAME(rename)
#endif
#ifdef __NR_renameat
	NAME(renameat)
#endif
#ifdef __NR_renameat2
	NAME(renameat2)
#endif
#ifdef __NR_request_key
	NAME(request_key)
#endif
#ifdef __NR_restart_syscall
	NAME(restart_syscall)
#endif
#ifdef __NR_rmdir
	NAME(rmdir)
#endif
#ifdef __NR_rseq
	NAME(rseq)
#endif
#ifdef __NR_rseq_slice_yield
	NAME(rseq_slice_yield)
#else
	NAME_AT(471, rseq_slice_yield)
#endif
#ifdef __NR_rt_sigaction
	NAME(rt_sigaction)
#endif
#ifdef __NR_rt_sigpending
	NAME(rt_sigpending)
#endif
#ifdef __NR_rt_sigprocmask
	NAME(rt_sigprocmask)
#endif
#ifdef __NR_rt_sigqueueinfo
	NAME(rt_sigqueueinfo)
#endif
#ifdef __NR_rt_sigreturn
	NAME(rt_sigreturn)
#endif
#ifdef __NR_rt_sigsuspend
	NAME(rt_sigsuspend)
#endif
#ifdef __NR_rt_sigtimedwait
	NAME(rt_sigtimedwait)
#endif
#ifdef __NR_rt_tgsigqueueinfo
	NAME(rt_tgsigqueueinfo)
#endif
#ifdef __NR_s390_guarded_storage
	NAME(s390_guarded_storage)
#endif
#ifdef __NR_s390_pci_mmio_read
	NAME(s390_pci_mmio_read)
#endif
#ifdef __NR_s390_pci_mmio_write
	NAME(s390_pci_mmio_write)
#endif
#ifdef __NR_s390_runtime_instr
	NAME(s390_runtime_instr)
#endif
#ifdef __NR_s390_sthyi
	NAME(s390_sthyi)
#endif
#ifdef __NR_sched_get_priority_max
	NAME(sched_get_priority_max)
#endif
#ifdef __NR_sched_get_priority_min
	NAME(sched_get_priority_min)
#endif
#ifdef __NR_sched_getaffinity
	NAME(sched_getaffinity)
#endif
#ifdef __NR_sched_getattr
	NAME(sched_getattr)
#endif
#ifdef __NR_sched_getparam
	NAME(sched_getparam)
#endif
#ifdef __NR_sched_getscheduler
	NAME(sched_getscheduler)
#endif
#ifdef __NR_sched_rr_get_interval
	NAME(sched_rr_get_interval)
#endif
#ifdef __NR_sched_setaffinity
	NAME(sched_setaffinity)
#endif
#ifdef __NR_sched_setattr
	NAME(sched_setattr)
#endif
#ifdef __NR_sched_setparam
	NAME(sched_setparam)
#endif
#ifdef __NR_sched_setscheduler
	NAME(sched_setscheduler)
#endif
#ifdef __NR_sched_yield
	NAME(sched_yield)
#endif
#ifdef __NR_seccomp
	NAME(seccomp)
#endif
#ifdef __NR_security
	NAME(security)
#endif
#ifdef __NR_select
	NAME(select)
#endif
#ifdef __NR_semctl
	NAME(semctl)
#endif
#ifdef __NR_semget
	NAME(semget)
#endif
#ifdef __NR_semop
	NAME(semop)
#endif
#ifdef __NR_semtimedop
	NAME(semtimedop)
#endif
#ifdef __NR_sendfile
	NAME(sendfile)
#endif
#ifdef __NR_sendmmsg
	NAME(sendmmsg)
#endif
#ifdef __NR_sendmsg
	NAME(sendmsg)
#endif
#ifdef __NR_sendto
	NAME(sendto)
#endif
#ifdef __NR_set_mempolicy
	NAME(set_mempolicy)
#endif
#ifdef __NR_set_mempolicy_home_node
	NAME(set_mempolicy_home_node)
#else
	NAME_AT(450, set_mempolicy_home_node)
#endif
#ifdef __NR_set_robust_list
	NAME(set_robust_list)
#endif
#ifdef __NR_set_thread_area
	NAME(set_thread_area)
#endif
#ifdef __NR_set_tid_address
	NAME(set_tid_address)
#endif
#ifdef __NR_setdomainname
	NAME(setdomainname)
#endif
#ifdef __NR_setfsgid
	NAME(setfsgid)
#endif
#ifdef __NR_setfsuid
	NAME(setfsuid)
#endif
#ifdef __NR_setgid
	NAME(setgid)
#endif
#ifdef __NR_setgroups
	NAME(setgroups)
#endif
#ifdef __NR_sethostname
	NAME(sethostname)
#endif
#ifdef __NR_setitimer
	NAME(setitimer)
#endif
#ifdef __NR_setns
	NAME(setns)
#endif
#ifdef __NR_setpgid
	NAME(setpgid)
#endif
#ifdef __NR_setpriority
	NAME(setpriority)
#endif
#ifdef __NR_setregid
	NAME(setregid)
#endif
#ifdef __NR_setresgid
	NAME(setresgid)
#endif
#ifdef __NR_setresuid
	NAME(setresuid)
#endif
#ifdef __NR_setreuid
	NAME(setreuid)
#endif
#ifdef __NR_setrlimit
	NAME(setrlimit)
#endif
#ifdef __NR_setsid
	NAME(setsid)
#endif
#ifdef __NR_setsockopt
	NAME(setsockopt)
#endif
#ifdef __NR_settimeofday
	NAME(settimeofday)
#endif
#ifdef __NR_setuid
	NAME(setuid)
#endif
#ifdef __NR_setxattr
	NAME(setxattr)
#endif
#ifdef __NR_setxattrat
	NAME(setxattrat)
#else
	NAME_AT(463, setxattrat)
#endif
#ifdef __NR_shmat
	NAME(shmat)
#endif
#ifdef __NR_shmctl
	NAME(shmctl)
#endif
#ifdef __NR_shmdt
	NAME(shmdt)
#endif
#ifdef __NR_shmget
	NAME(shmget)
#endif
#ifdef __NR_shutdown
	NAME(shutdown)
#endif
#ifdef __NR_sigaction
	NAME(sigaction)
#endif
#ifdef __NR_sigaltstack
	NAME(sigaltstack)
#endif
#ifdef __NR_signal
	NAME(signal)
#endif
#ifdef __NR_signalfd
	NAME(signalfd)
#endif
#ifdef __NR_signalfd4
	NAME(signalfd4)
#endif
#ifdef __NR_sigpending
	NAME(sigpending)
#endif
#ifdef __NR_sigprocmask
	NAME(sigprocmask)
#endif
#ifdef __NR_sigreturn
	NAME(sigreturn)
#endif
#ifdef __NR_sigsuspend
	NAME(sigsuspend)
#endif
#ifdef __NR_socket
	NAME(socket)
#endif
#ifdef __NR_socketcall
	NAME(socketcall)
#endif
#ifdef __NR_socketpair
	NAME(socketpair)
#endif
#ifdef __NR_splice
	NAME(splice)
#endif
#ifdef __NR_stat
	NAME(stat)
#endif
#ifdef __NR_statfs
	NAME(statfs)
#endif
#ifdef __NR_statfs64
	NAME(statfs64)
#endif
#ifdef __NR_statmount
	NAME(statmount)
#else
	NAME_AT(457, statmount)
#endif
#ifdef __NR_statx
	NAME(statx)
#endif
#ifdef __NR_swapoff
	NAME(swapoff)
#endif
#ifdef __NR_swapon
	NAME(swapon)
#endif
#ifdef __NR_symlink
	NAME(symlink)
#endif
#ifdef __NR_symlinkat
	NAME(symlinkat)
#endif
#ifdef __NR_sync
	NAME(sync)
#endif
#ifdef __NR_sync_file_range
	NAME(sync_file_range)
#endif
#ifdef __NR_syncfs
	NAME(syncfs)
#endif
#ifdef __NR_sysfs
	NAME(sysfs)
#endif
#ifdef __NR_sysinfo
	NAME(sysinfo)
#endif
#ifdef __NR_syslog
	NAME(syslog)
#endif
#ifdef __NR_tee
	NAME(tee)
#endif
#ifdef __NR_tgkill
	NAME(tgkill)
#endif
#ifdef __NR_time
	NAME(time)
#endif
#ifdef __NR_timer_create
	NAME(timer_create)
#endif
#ifdef __NR_timer_delete
	NAME(timer_delete)
#endif
#ifdef __NR_timer_getoverrun
	NAME(timer_getoverrun)
#endif
#ifdef __NR_timer_gettime
	NAME(timer_gettime)
#endif
#ifdef __NR_timer_settime
	NAME(timer_settime)
#endif
#ifdef __NR_timerfd
	NAME(timerfd)
#endif
#ifdef __NR_timerfd_create
	NAME(timerfd_create)
#endif
#ifdef __NR_timerfd_gettime
	NAME(timerfd_gettime)
#endif
#ifdef __NR_timerfd_settime
	NAME(timerfd_settime)
#endif
#ifdef __NR_times
	NAME(times)
#endif
#ifdef __NR_tkill
	NAME(tkill)
#endif
#ifdef __NR_truncate
	NAME(truncate)
#endif
#ifdef __NR_tuxcall
	NAME(tuxcall)
#endif
#ifdef __NR_umask
	NAME(umask)
#endif
#ifdef __NR_umount
	NAME(umount)
#endif
#ifdef __NR_umount2
	NAME(umount2)
#endif
#ifdef __NR_uname
	NAME(uname)
#endif
#ifdef __NR_unlink
	NAME(unlink)
#endif
#ifdef __NR_unlinkat
	NAME(unlinkat)
#endif
#ifdef __NR_unshare
	NAME(unshare)
#endif
#ifdef __NR_uprobe
	NAME(uprobe)
#endif
#ifdef __NR_uretprobe
	NAME(uretprobe)
#endif
#ifdef __NR_uselib
	NAME(uselib)
#endif
#ifdef __NR_userfaultfd
	NAME(userfaultfd)
#endif
#ifdef __NR_ustat
	NAME(ustat)
#endif
#ifdef __NR_utime
	NAME(utime)
#endif
#ifdef __NR_utimensat
	NAME(utimensat)
#endif
#ifdef __NR_utimes
	NAME(utimes)
#endif
#ifdef __NR_vfork
	NAME(vfork)
#endif
#ifdef __NR_vhangup
	NAME(vhangup)
#endif
#ifdef __NR_vmsplice
	NAME(vmsplice)
#endif
#ifdef __NR_vserver
	NAME(vserver)
#endif
#ifdef __NR_wait4
	NAME(wait4)
#endif
#ifdef __NR_waitid
	NAME(waitid)
#endif
#ifdef __NR_write
	NAME(write)
#endif
#ifdef __NR_writev
	NAME(writev)
#endif
};

const size_t skep_syscall_n_names = sizeof(skep_syscall_names) / sizeof(skep_syscall_names[0]);
