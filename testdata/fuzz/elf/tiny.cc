/* What the *.in here were built from; ../README.md says how. */
namespace tiny {

static inline __attribute__((always_inline)) int innermost(int n)
{
    return n * n + 1;
}

static inline __attribute__((always_inline)) int inner(int n)
{
    return innermost(n + 1) + innermost(n);
}

struct thing {
    template <int K> __attribute__((noinline)) int member(int n)
    {
        return inner(n) * K;
    }
};

static __attribute__((noinline)) int hidden(int n)
{
    auto lambda = [n](int k) __attribute__((noinline)) { return inner(k) - n; };
    return lambda(n) + lambda(3);
}

}

extern "C" int entry(int n)
{
    tiny::thing t;
    return tiny::hidden(n) + t.member<3>(n);
}
