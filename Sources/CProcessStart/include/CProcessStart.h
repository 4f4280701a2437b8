#ifndef CPROCESSSTART_H
#define CPROCESSSTART_H

#include <sys/types.h>

/// Makes a second process like this one (fork(2), which Swift does not import).
///
/// Only while there is one thread: the second process has no other.
pid_t token_fork(void);

#endif
