#include <unistd.h>
static void __attribute__((noinline)) nap(void) { usleep(2000); }
int main(void) { nap(); nap(); return 0; }
