// Makes exact.in and growth.in: c++ -O1 -o record record.cc -ltcmalloc; then
// HEAPPROFILE=exact ./record, of which exact.0001.heap is exact.in.
#include <fstream>
#include <string>
#include <vector>

#include <gperftools/heap-profiler.h>
#include <gperftools/malloc_extension.h>

static std::vector<char *> kept;

__attribute__((noinline)) static void hold(size_t size)
{
    kept.push_back(new char[size]);
}

__attribute__((noinline)) static void churn(size_t size)
{
    for (int i = 0; i < 20; i++) {
        char *volatile p = new char[size];
        delete[] p;
    }
}

int main()
{
    for (int i = 0; i < 40; i++)
        hold(256);
    for (int i = 0; i < 3; i++)
        hold(3 << 20);
    churn(5000);
    std::string text;
    MallocExtension::instance()->GetHeapGrowthStacks(&text);
    std::ofstream("growth.in") << text;
    HeapProfilerDump("end");
    return 0;
}
