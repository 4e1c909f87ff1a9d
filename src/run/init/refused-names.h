/* Mounts */
__NR_mount, __NR_umount2, __NR_pivot_root, __NR_move_mount, __NR_mount_setattr, __NR_open_tree, NR_OPEN_TREE_ATTR,
__NR_fsopen, __NR_fsconfig, __NR_fsmount, __NR_fspick, __NR_quotactl, __NR_quotactl_fd, __NR_swapon, __NR_swapoff,
/* Other namespaces, files by handle */
__NR_setns, __NR_open_by_handle_at,
/* Keys are not held apart by namespaces */
__NR_keyctl, __NR_add_key, __NR_request_key,
/* The kernel itself */
__NR_bpf, __NR_perf_event_open, __NR_userfaultfd, __NR_io_uring_setup, __NR_io_uring_enter, __NR_io_uring_register,
__NR_init_module, __NR_finit_module, __NR_delete_module, __NR_kexec_load, __NR_reboot, __NR_acct, __NR_syslog,
__NR_settimeofday, __NR_clock_settime,
