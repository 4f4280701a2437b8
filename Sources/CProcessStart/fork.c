#include "CProcessStart.h"
#include <unistd.h>

pid_t token_fork(void) { return fork(); }
