/* The system call filter: a classic BPF program (seccomp(2)) put together from lists of refused calls. */
#include "privileges.h"
#include "refused.h"
#include "report.h"
#include "system.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <asm/ioctls.h>

enum { MAX_INSTRUCTIONS = 512, LOW_WORD = 4 };
#define AT(member) ((unsigned)__builtin_offsetof(struct seccomp_data, member))
#define REFUSE(error) (SECCOMP_RET_ERRNO | (error))

static const unsigned NEW_NAMESPACES =
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
/* CLONE_NEWTIME shares its bit with the exit signal of clone(2), so it means something to unshare(2) alone. */
static const unsigned NEW_TIME = 0x80;

struct program {
  struct sock_filter code[MAX_INSTRUCTIONS];
  unsigned short size;
};

static void emit(struct program *program, unsigned short operation, unsigned value, int if_true, int if_false) {
  if (program->size == MAX_INSTRUCTIONS) fail(E2BIG, "filter", "system calls");
  program->code[program->size++] =
      (struct sock_filter){operation, (unsigned char)if_true, (unsigned char)if_false, value};
}

static void load(struct program *program, unsigned offset) {
  emit(program, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

static void answer(struct program *program, unsigned value) { emit(program, BPF_RET | BPF_K, value, 0, 0); }

static void refuse_call(struct program *program, unsigned number, unsigned error) {
  emit(program, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
  answer(program, REFUSE(error));
}

/* Refuses the call when its first argument asks for a namespace: inside one of its own, it would be all-powerful. */
static void refuse_namespaces(struct program *program, unsigned number, unsigned flags) {
  emit(program, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 4);
  load(program, AT(args[0]));
  emit(program, BPF_JMP | BPF_JSET | BPF_K, flags, 0, 1);
  answer(program, REFUSE(EPERM));
  answer(program, SECCOMP_RET_ALLOW);
}

/* TIOCSTI types into the terminal of whoever started us; TIOCLINUX pastes into it. */
static void refuse_typing(struct program *program, unsigned number) {
  emit(program, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 5);
  load(program, AT(args[1]));
  emit(program, BPF_JMP | BPF_JEQ | BPF_K, TIOCSTI, 1, 0);
  emit(program, BPF_JMP | BPF_JEQ | BPF_K, TIOCLINUX, 0, 1);
  answer(program, REFUSE(EPERM));
  answer(program, SECCOMP_RET_ALLOW);
}

static void refuse_calls(struct program *program, const struct refused *calls) {
  load(program, AT(nr));
  if (calls->foreign_from) {
    emit(program, BPF_JMP | BPF_JGE | BPF_K, calls->foreign_from, 0, 1);
    answer(program, REFUSE(ENOSYS));
  }
  for (int at = 0; at < calls->count; at++) refuse_call(program, calls->numbers[at], EPERM);
  /* Its flags lie in memory, which a filter cannot read: libraries fall back to clone. */
  refuse_call(program, calls->clone3, ENOSYS);
  refuse_namespaces(program, calls->clone, NEW_NAMESPACES);
  refuse_namespaces(program, calls->unshare, NEW_NAMESPACES | NEW_TIME);
  refuse_typing(program, calls->ioctl);
  answer(program, SECCOMP_RET_ALLOW);
}

/* The calls of one architecture; others are left to what follows. */
static void add_architecture(struct program *program, const struct refused *calls) {
  load(program, AT(arch));
  emit(program, BPF_JMP | BPF_JEQ | BPF_K, calls->architecture, 1, 0);
  unsigned short jump = program->size;
  emit(program, BPF_JMP | BPF_JA, 0, 0, 0);
  refuse_calls(program, calls);
  program->code[jump].k = program->size - jump - 1;
}

void filter_system_calls(void) {
  struct program program = {.size = 0};
  add_architecture(&program, &NATIVE_CALLS);
  add_architecture(&program, &COMPAT_CALLS);
  answer(&program, SECCOMP_RET_KILL_PROCESS);
  struct sock_fprog filter = {program.size, program.code};
  must(CALL_3(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter), "filter", "system calls");
}
