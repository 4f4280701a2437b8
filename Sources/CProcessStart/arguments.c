#include "CProcessStart.h"

// Of Swift's runtime: what CommandLine says from now on.
void _swift_stdlib_overrideUnsafeArgvArgc(char **arguments, int count);

#ifdef __GLIBC__
// glibc hands every constructor what it hands to main. Without this Swift's runtime searches the stack below `environ`,
// and a library that was loaded before and called setenv has moved that elsewhere.
__attribute__((constructor)) static void take_arguments(int count, char **arguments) {
    if (count > 0 && arguments) _swift_stdlib_overrideUnsafeArgvArgc(arguments, count);
}
#endif
