#ifndef CTESTSPAWN_SHIM_H
#define CTESTSPAWN_SHIM_H

#include <spawn.h>

// What glibc has and its headers show to GNU programs only.
int pipe2(int files[2], int flags);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);

#endif
