/*
 * coverage.h - included first in every file of a coverage build. A process that ends with _exit(),
 * as children do, then writes its counts too.
 */
#include <unistd.h>

void __gcov_dump(void);

static inline _Noreturn void exit_counted(int status)
{
    __gcov_dump();
    _exit(status);
}

#define _exit exit_counted
