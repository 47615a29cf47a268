#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>
static volatile unsigned long sink;
__attribute__((noinline)) void spin(int n) { for (long i = 0; i < n * 100000L; i++) sink += (unsigned long)i; }
__attribute__((noinline)) void left(int n) { spin(n); sink++; }
__attribute__((noinline)) void right(int n) { spin(n); sink++; }
int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 30;
    if (argc > 2 && fork() == 0) {
        right(n);
        _exit(0);
    }
    left(2 * n);
    right(n);
    wait(NULL);
    return 0;
}
