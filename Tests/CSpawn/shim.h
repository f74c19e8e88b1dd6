#pragma once
#include <spawn.h>

/* glibc 2.34 has it, and Swift's module of glibc leaves it out. */
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first);
