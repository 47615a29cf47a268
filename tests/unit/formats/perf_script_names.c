/*
 * Names are cut only where their arguments begin. Expected names were worked out by hand from the
 * output of the demanglers and compilers named.
 */
#include "unit/perf_script.h"

static const struct {
    const char *printed, *name;
} cases[] = {
    /* C++: operators, types with brackets, functions that return pointers to functions */
    {"ns::operator>(ns::A const&, ns::A const&)", "ns::operator>"},
    {"ns::operator>>(ns::A&, int)", "ns::operator>>"},
    {"ns::A::operator->*(int) const", "ns::A::operator->*"},
    {"ns::A::operator->() const", "ns::A::operator->"},
    {"ns::A::operator()(int) const", "ns::A::operator()"},
    {"ns::A::operator<<=(int)", "ns::A::operator<<="},
    {"ns::operator<=>(ns::A const&, ns::A const&)", "ns::operator<=>"},
    {"ns::A::operator[](unsigned long)", "ns::A::operator[]"},
    {"ns::A::operator bool() const", "ns::A::operator bool"},
    {"ns::operator-(ns::A, ns::A)", "ns::operator-"},
    {"bool std::operator< <char>(std::vector<char> const&)", "bool std::operator< <char>"},
    {"operator new(unsigned long)", "operator new"},
    {"myoperator(int)", "myoperator"},
    {"decltype(f()) std::__1::__invoke[abi:v15006]<int>(int&&)",
     "decltype(f()) std::__1::__invoke[abi:v15006]<int>"},
    {"decltype (f()) g<int>(int&&)", "decltype (f()) g<int>"},
    {"std::enable_if<(1>0), int>::type sel<(Kind)2>(int)",
     "std::enable_if<(1>0), int>::type sel<(Kind)2>"},
    {"void (*get_handler(int))(char)", "void (*get_handler(int))(char)"},
    {"std::function<void (int)>::operator()(int) const", "std::function<void (int)>::operator()"},
    {"(anonymous namespace)::f(int)", "(anonymous namespace)::f"},
    /* Python, JavaScript */
    {"py::Process.username:/opt/my app (copy)/psutil/__init__.py",
     "py::Process.username:/opt/my app (copy)/psutil/__init__.py"},
    {"py::f(x):<frozen importlib._bootstrap>", "py::f(x):<frozen importlib._bootstrap>"},
    {"LazyCompile:*handle /srv/app (v2)/lib/x.js:10",
     "LazyCompile:*handle /srv/app (v2)/lib/x.js:10"},
    {"Function:~(anonymous) file:///srv/a.mjs:1:1", "Function:~(anonymous) file:///srv/a.mjs:1:1"},
    {"RegExp:^(GET|POST) (.*)$", "RegExp:^(GET|POST) (.*)$"},
    {"RegExp:a->b", "RegExp:a->b"},
    {"JS:*a->b /srv/b.js:2:12", "JS:*a->b /srv/b.js:2:12"},
    /* Swift, Mono, Go */
    {"closure #1 (Swift.Int) -> () in main.foo()", "closure #1 (Swift.Int) -> () in main.foo"},
    {"closure #2 (Swift.Int) -> () in main.foo()", "closure #2 (Swift.Int) -> () in main.foo"},
    {"System.String:Concat (string,string)", "System.String:Concat"},
    {"net/http.(*conn).serve", "net/http.(*conn).serve"},
    /* Rust: any character may be escaped */
    {"x::$u3c$impl$u26$$u2a$::f::h0123456789abcdef", "x::<impl&*::f"},
    {"x::$u4e2d$$u1f600$::h0123456789abcdef", "x::\xe4\xb8\xad\xf0\x9f\x98\x80"},
    {"x::$uzz$y::h0123456789abcdef", "x::$uzz$y"},
    {"x::$ud800$y::h0123456789abcdef", "x::$ud800$y"},
};

static void test_names(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512], want[256];
        snprintf(text, sizeof text, "a 1 1.0: 1 cycles: \n\t145d %s+0x4 (/bin/x)\n\n",
                 cases[i].printed);
        snprintf(want, sizeof want, "a;%s 1\n", cases[i].name);
        CHECK_PERF(text, want);
    }
}

/* Nesting beyond the limit, and unbalanced brackets, leave names unchanged. */
static void test_brackets_without_end(void)
{
    enum { DEPTH = 1000 };
    char text[2 * DEPTH] = "a 1 1.0: 1 cycles: \n\t145d ", want[2 * DEPTH] = "a;";
    for (int i = 0; i < DEPTH; i++) {
        strcat(text, "<");
        strcat(want, "<");
    }
    strcat(text, "f(int)+0x4 (/bin/x)\n\n");
    strcat(want, "f(int) 1\n");
    CHECK_PERF(text, want);
    CHECK_PERF("a 1 1.0: 1 cycles: \n\t145d )]}>f(int)+0x4 (/bin/x)\n\n", "a;)]}>f 1\n");
}

CHECK_MAIN(test_names, test_brackets_without_end)
