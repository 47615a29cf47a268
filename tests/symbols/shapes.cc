/* C++: namespaces, templates, classes, operators, lambdas, local classes, and inlined ones. */
#include "here.h"

static volatile int sink;

namespace geo
{

template <typename T> struct box {
    T side;
    NOINLINE T area(T x)
    {
        HERE(area);
        return side * x;
    }
    template <typename U> INLINE T scale(U by)
    {
        HERE(scale);
        return side * T(by);
    }
};

static NOINLINE int hidden(int x)
{
    HERE(hidden);
    return x + sink;
}

namespace
{
NOINLINE int unnamed(int x)
{
    HERE(unnamed);
    return x - sink;
}
INLINE int inlined_unnamed(int x)
{
    HERE(inlined_unnamed);
    return x / 7 - sink;
}
} // namespace

NOINLINE int with_unnamed(int x)
{
    HERE(with_unnamed); return inlined_unnamed(x);
}

class shape
{
  public:
    NOINLINE explicit shape(int n);
    virtual ~shape() {}
    virtual int corners() const;
    bool operator<(const shape &other) const;
    operator int() const;
    static int count();
    int nested(int x);

  protected:
    int n;
};

shape::shape(int n) : n(n)
{
    HERE(constructor);
    sink = n;
}

NOINLINE int shape::corners() const
{
    HERE(corners);
    return n + sink;
}

NOINLINE bool shape::operator<(const shape &other) const
{
    HERE(less);
    return n < other.n + sink;
}

NOINLINE shape::operator int() const
{
    HERE(conversion);
    return n * sink;
}

NOINLINE int shape::count()
{
    HERE(count);
    return sink;
}

static INLINE int innermost(int x)
{
    HERE(innermost);
    return x + sink;
}

INLINE int middle(int x)
{
    HERE(middle); x = innermost(x);
    return x * 3;
}

NOINLINE int nest(int x)
{
    HERE(nest); x = middle(x);
    return x - 1;
}

} // namespace geo

NOINLINE int scaled(geo::box<long> &b)
{
    HERE(scaled); return int(b.scale(2.5));
}

NOINLINE int with_lambda(int x)
{
    HERE(with_lambda);
    auto add = [x](int y) NOINLINE {
        HERE(lambda);
        return x + y + sink;
    };
    return add(x) + add(3);
}

NOINLINE int with_inlined_lambda(int x)
{
    auto add = [x](int y) __attribute__((always_inline)) {
        HERE(inlined_lambda);
        return x + y + sink;
    };
    HERE(with_inlined_lambda); return add(x);
}

NOINLINE int with_local_class(int x)
{
    struct local {
        int n;
        NOINLINE int method(int y)
        {
            HERE(method);
            return n + y + sink;
        }
    };
    HERE(with_local_class);
    return local{x}.method(x);
}

NOINLINE int with_inlined_method(int x)
{
    struct local {
        int n;
        INLINE int method(int y)
        {
            HERE(inlined_method);
            return n + y + sink;
        }
    };
    HERE(with_inlined_method); return local{x}.method(x);
}

/* A lambda in a lambda, in a function of a class in a namespace. */
namespace geo
{
NOINLINE int shape::nested(int x)
{
    auto outer = [x](int y) __attribute__((always_inline)) {
        auto inner = [y](int z) __attribute__((always_inline)) {
            HERE(inner_lambda);
            return y + z + sink;
        };
        HERE(outer_lambda); return inner(x);
    };
    HERE(nested); return outer(x);
}
} // namespace geo

int main(int argc, char **)
{
    geo::box<long> b{argc};
    geo::shape s(argc), t(2);
    int x = int(b.area(argc)) + geo::hidden(argc) + geo::unnamed(argc) + s.corners() + (s < t);
    x += int(s) + geo::shape::count() + geo::nest(argc) + scaled(b);
    x += with_lambda(argc) + with_inlined_lambda(argc) + with_local_class(argc);
    x += with_inlined_method(argc) + geo::with_unnamed(argc) + s.nested(argc);
    return x & 1 & sink;
}
