/*
 * Names as compilers mangle them, and as people read them. Where nothing else is said, the names of
 * C++ are what pprof makes of them in each of its modes (ianlancetaylor/demangle, 2025), and those
 * of Rust what rustc's own demangler does, but for "simple".
 */
#include "symbols/demangle.h"

#include <stdlib.h>

#include "check.h"

static struct pp_out out;

static void fail(const char *what, const char *name, const char *want)
{
    fprintf(stderr, "%s of '%s': '%.*s', not '%s'\n", what, name, (int)out.len, out.buf, want);
    check_failures++;
}

/* The last call on `name` must have left `want` in `out`. */
static void check_out(const char *what, const char *name, const char *want)
{
    if (!pp_is(pp_out_bytes(&out), want))
        fail(what, name, want);
}

struct names {
    const char *mangled, *simple, *templates, *full;
};

static void check_names(const struct names *n)
{
    CHECK(pp_demangle(pp_str(n->mangled), PP_DEMANGLE_SIMPLE, false, &out));
    check_out("simple", n->mangled, n->simple);
    CHECK(pp_demangle(pp_str(n->mangled), PP_DEMANGLE_TEMPLATES, false, &out));
    check_out("templates", n->mangled, n->templates);
    CHECK(pp_demangle(pp_str(n->mangled), PP_DEMANGLE_FULL, false, &out));
    check_out("full", n->mangled, n->full);
}

static const struct names cxx[] = {
    {"_Z3fooi", "foo", "foo", "foo(int)"},
    {"_ZN12_GLOBAL__N_13fooEv", "(anonymous namespace)::foo", "(anonymous namespace)::foo",
     "(anonymous namespace)::foo()"},
    {"_ZNSt6vectorIiSaIiEE9push_backERKi", "std::vector::push_back",
     "std::vector<int, std::allocator<int> >::push_back",
     "std::vector<int, std::allocator<int> >::push_back(int const&)"},
    {"_ZNKSt4lessIiEclERKiS2_", "std::less::operator()", "std::less<int>::operator()",
     "std::less<int>::operator()(int const&, int const&) const"},
    {"_ZNSt8functionIFivEE7_M_dataEv", "std::function::_M_data", "std::function<int ()>::_M_data",
     "std::function<int ()>::_M_data()"},
    {"_ZN1AIJidEE1fEv", "A::f", "A<int, double>::f", "A<int, double>::f()"},
    {"_Z1fIiEDTplfp_Li1EET_", "f", "f<int>", "decltype ({parm#1}+(1)) f<int>(int)"},
    {"_Z1fIiEPFivET_", "f", "f<int>", "int (*f<int>(int))()"},
    {"_Z1fIXgtLi1ELi2EEEvv", "f", "f<((1)>(2))>", "void f<((1)>(2))>()"},
    {"_ZN1A3fooB5cxx11Ev", "A::foo[abi:cxx11]", "A::foo[abi:cxx11]", "A::foo[abi:cxx11]()"},
    {"_ZZN3foo3barEiE4quux", "foo::bar()::quux", "foo::bar()::quux", "foo::bar(int)::quux"},
    {"_ZZN3foo3barIiEEvT_ENKUlT_E_clIdEEDaS2_", "foo::bar()::{lambda(auto:1)#1}::operator()",
     "foo::bar<int>()::{lambda(auto:1)#1}::operator()<double>",
     "auto foo::bar<int>(int)::{lambda(auto:1)#1}::operator()<double>(double) const"},
    {"_ZZ4mainENKUliE_clEi", "main::{lambda(int)#1}::operator()",
     "main::{lambda(int)#1}::operator()", "main::{lambda(int)#1}::operator()(int) const"},
    {"_ZN3foo3$_01bEv", "foo::$_0::b", "foo::$_0::b", "foo::$_0::b()"},
    {"_ZNUt_1fEv", "{unnamed type#1}::f", "{unnamed type#1}::f", "{unnamed type#1}::f()"},
    {"_ZN1AD0Ev", "A::~A", "A::~A", "A::~A()"},
    {"_ZThn16_N3Foo3barEv", "non-virtual thunk to Foo::bar()", "non-virtual thunk to Foo::bar()",
     "non-virtual thunk to Foo::bar()"},
    {"_ZGVZ3foovE1x", "guard variable for foo()::x", "guard variable for foo()::x",
     "guard variable for foo()::x"},
    {"_ZlsRSoRK3Foo", "operator<<", "operator<<", "operator<<(std::ostream&, Foo const&)"},
    {"_ZN3FoolsIiEERS_T_", "Foo::operator<<", "Foo::operator<< <int>",
     "Foo& Foo::operator<< <int>(int)"},
    {"_ZN3FooltIiEEbT_", "Foo::operator<", "Foo::operator< <int>",
     "bool Foo::operator< <int>(int)"},
    {"_ZN1AgtIiEEvT_", "A::operator>", "A::operator><int>", "void A::operator><int>(int)"},
    {"_ZN1ArsIiEEvT_", "A::operator>>", "A::operator>><int>", "void A::operator>><int>(int)"},
    {"_ZN1AssIiEEvT_", "A::operator<=>", "A::operator<=><int>", "void A::operator<=><int>(int)"},
    {"_ZN1AleIiEEvv", "A::operator<=", "A::operator<=<int>", "void A::operator<=<int>()"},
    {"_ZN1AgeIiEEvv", "A::operator>=", "A::operator>=<int>", "void A::operator>=<int>()"},
    {"_ZN1AlSIiEEvv", "A::operator<<=", "A::operator<<=<int>", "void A::operator<<=<int>()"},
    {"_ZN1ArSIiEEvv", "A::operator>>=", "A::operator>>=<int>", "void A::operator>>=<int>()"},
    {"_ZN1AptIiEEvv", "A::operator->", "A::operator-><int>", "void A::operator-><int>()"},
    {"_ZN1ApmIiEEvv", "A::operator->*", "A::operator->*<int>", "void A::operator->*<int>()"},
    {"_ZN1AdvIiEEvv", "A::operator/", "A::operator/<int>", "void A::operator/<int>()"},
    {"_ZN1AixIiEEvv", "A::operator[]", "A::operator[]<int>", "void A::operator[]<int>()"},
    {"_ZN1AclIiEEvv", "A::operator()", "A::operator()<int>", "void A::operator()<int>()"},
    {"_Znwm", "operator new", "operator new", "operator new(unsigned long)"},
    {"_Zli2_wPKc", "operator\"\" _w", "operator\"\" _w", "operator\"\" _w(char const*)"},
    {"_ZN3FoocvbEv", "Foo::operator bool", "Foo::operator bool", "Foo::operator bool()"},
    {"_ZN3FoocvNSt6vectorIiEEEv", "Foo::operator std::vector", "Foo::operator std::vector<int>",
     "Foo::operator std::vector<int>()"},
    {"_ZN3FoocvPFvvEIiEEv", "Foo::operator void (*)()", "Foo::operator void (*)()<int>",
     "Foo::operator void (*)()<int>()"},
    {"_ZZ3foovEN1AcvT_IiEEv", "foo()::A::operator int", "foo()::A::operator int<int>",
     "foo()::A::operator int<int>()"},
    {"_Z3fooi.cold", "foo", "foo", "foo(int)"},
    {"_Z3fooi.constprop.0.isra.1", "foo", "foo", "foo(int)"},
    {"__ZN3foo3barEv", "foo::bar", "foo::bar", "foo::bar()"},
    {"___ZN3foo3barEv_block_invoke", "invocation function for block in foo::bar",
     "invocation function for block in foo::bar", "invocation function for block in foo::bar()"},
    {"___ZN3foo3barEv_block_invoke_2", "invocation function for block in foo::bar",
     "invocation function for block in foo::bar", "invocation function for block in foo::bar()"},
};

static void test_names_of_cxx_are_those_of_pprof(void)
{
    for (size_t i = 0; i < sizeof cxx / sizeof *cxx; i++)
        check_names(&cxx[i]);
}

static void test_where_libiberty_and_pprof_differ(void)
{
    /* pprof: "foo<&bar>::baz", and not demangled at all */
    static const struct names names[] = {
        {"_ZN3fooIXadL_Z3barvEEE3bazEv", "foo::baz", "foo<&(bar())>::baz", "foo<&(bar())>::baz()"},
        {"_ZN1AIXsr1BIiE5valueEE1fEv", "A::f", "A<B<int>::value>::f", "A<B<int>::value>::f()"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        check_names(&names[i]);
}

static void test_rust_loses_its_hashes_and_simple_its_generic_arguments(void)
{
    static const struct names names[] = {
        {"_ZN4main4main17he714a2e23ed7db23E", "main::main", "main::main", "main::main"},
        {"_ZN4main4main17he714a2e23ed7db23E.llvm.1234567", "main::main", "main::main",
         "main::main"},
        {"_ZN4main4main17he714a2e23ed7db23E.cold", "main::main", "main::main", "main::main"},
        {"_ZN3std2rt10lang_start28_$u7b$$u7b$closure$u7d$$u7d$17hd1f5c23d77bbb2e9E",
         "std::rt::lang_start::{{closure}}", "std::rt::lang_start::{{closure}}",
         "std::rt::lang_start::{{closure}}"},
        {"_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$"
         "3bar17h930b740aa94f1d3aE",
         "<Test + 'static as foo::Bar>::bar", "<Test + 'static as foo::Bar<Test>>::bar",
         "<Test + 'static as foo::Bar<Test>>::bar"},
        {"_ZN4core3ptr85drop_in_place$LT$std..rt..lang_start$LT$$LP$$RP$$GT$..$u7b$$u7b$closure"
         "$u7d$$u7d$$GT$17h0123456789abcdefE",
         "core::ptr::drop_in_place",
         "core::ptr::drop_in_place<std::rt::lang_start<()>::{{closure}}>",
         "core::ptr::drop_in_place<std::rt::lang_start<()>::{{closure}}>"},
        {"_RNvC6_123foo3bar", "123foo::bar", "123foo::bar", "123foo::bar"},
        {"__RNvC6_123foo3bar", "123foo::bar", "123foo::bar", "123foo::bar"},
        {"_RNvNtCsgEmfK2I1SDS_4core3fmt5write.cold", "core::fmt::write", "core::fmt::write",
         "core::fmt::write"},
        {"_RNvNtCsgEmfK2I1SDS_4core3fmt5write$got", "core::fmt::write", "core::fmt::write",
         "core::fmt::write"},
        {"_ZN4core3ptr17h0123456789abcdefE$got", "core::ptr", "core::ptr", "core::ptr"},
        {"_ZN4core3ptr17h0123456789abcdefE.llvm.9", "core::ptr", "core::ptr", "core::ptr"},
        {"_ZN4core5E$LT$17h0123456789abcdefE", "core::E<", "core::E<", "core::E<"},
        {"_RNvNtC1a1b3KEY$tlv$init.llvm.12", "a::b::KEY", "a::b::KEY", "a::b::KEY"},
        {"_RINvNtC3std3mem8align_ofdE", "std::mem::align_of", "std::mem::align_of::<f64>",
         "std::mem::align_of::<f64>"},
        {"_RNvXs_C7mycrateINtB4_3FoopEINtNtC3std7convert4FrompE3bar",
         "<mycrate::Foo as std::convert::From>::bar",
         "<mycrate::Foo<_> as std::convert::From<_>>::bar",
         "<mycrate::Foo<_> as std::convert::From<_>>::bar"},
        {"_RINvMC7mycrateINtB3_3FoolE6methodyE", "<mycrate::Foo>::method",
         "<mycrate::Foo<i32>>::method::<u64>", "<mycrate::Foo<i32>>::method::<u64>"},
        {"_RNvXs0_NtC4core3fmtRDNtB5_5DebugEL_NtB5_7Display3fmt",
         "<&dyn core::fmt::Debug as core::fmt::Display>::fmt",
         "<&dyn core::fmt::Debug as core::fmt::Display>::fmt",
         "<&dyn core::fmt::Debug as core::fmt::Display>::fmt"},
        {"_RINvC1a1fNCNvC1a1gs_0E", "a::f", "a::f::<a::g::{closure#1}>",
         "a::f::<a::g::{closure#1}>"},
        {"_RINvC1a1fFG_RL0_hEuE", "a::f", "a::f::<for<'a> fn(&'a u8)>",
         "a::f::<for<'a> fn(&'a u8)>"},
        {"_RNvMC1aFG_RL0_hEu1g", "<for<'a> fn(&'a u8)>::g", "<for<'a> fn(&'a u8)>::g",
         "<for<'a> fn(&'a u8)>::g"},
        {"_RNvC1au8gdel_5qa",
         "a::g\xc3\xb6"
         "del",
         "a::g\xc3\xb6"
         "del",
         "a::g\xc3\xb6"
         "del"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        check_names(&names[i]);
}

static void test_full_names_keep_what_compilers_added(void)
{
    static const struct {
        const char *mangled, *want;
    } names[] = {
        {"_ZN4main4main17he714a2e23ed7db23E", "main::main::he714a2e23ed7db23"},
        {"_RNvNtCs1234_7mycrate3foo3bar", "mycrate[3c1c0]::foo::bar"},
        {"_Z3fooi.constprop.0.cold", "foo(int) [clone .constprop.0] [clone .cold]"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CHECK(pp_demangle(pp_str(names[i].mangled), PP_DEMANGLE_FULL, true, &out));
        check_out("full name", names[i].mangled, names[i].want);
    }
}

/* As in dlang_demangle(); the simple form by hand. */
static void test_names_of_d(void)
{
    static const struct names names[] = {
        {"_Dmain", "D main", "D main", "D main"},
        {"_D4core8internal2gc4impl6manualQp8ManualGC7getAttrMFNbPvZk",
         "core.internal.gc.impl.manual.gc.ManualGC.getAttr",
         "core.internal.gc.impl.manual.gc.ManualGC.getAttr",
         "core.internal.gc.impl.manual.gc.ManualGC.getAttr(void*)"},
        {"_D3std12experimental9allocator18RCISharedAllocator4ownsMOFNbAvZSQCk8typecons7Ternary",
         "std.experimental.allocator.RCISharedAllocator.owns",
         "std.experimental.allocator.RCISharedAllocator.owns",
         "std.experimental.allocator.RCISharedAllocator.owns(void[]) shared"},
        {"_D3std5range10primitives__T7popBackTkZQlFNaNbNiNfMKANgkZv",
         "std.range.primitives.popBack.popBack", "std.range.primitives.popBack!(uint).popBack",
         "std.range.primitives.popBack!(uint).popBack(scope ref inout(uint)[])"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        check_names(&names[i]);
}

static void test_versions_are_not_part_of_a_name(void)
{
    CHECK(pp_demangle(pp_str("_ZNSt6locale7classicEv@@GLIBCXX_3.4"), PP_DEMANGLE_SIMPLE, false,
                      &out));
    check_out("simple", "_ZNSt6locale7classicEv@@GLIBCXX_3.4", "std::locale::classic");
    CHECK(pp_demangle(pp_str("_Znwm@GLIBCXX_3.4"), PP_DEMANGLE_SIMPLE, false, &out));
    check_out("simple", "_Znwm@GLIBCXX_3.4", "operator new");
}

static void test_other_names_are_left_alone(void)
{
    static const char *const names[] = {"main",
                                        "_start",
                                        "__libc_start_main@@GLIBC_2.34",
                                        "main.(*T).f",
                                        "java.lang.Object.<init>",
                                        "",
                                        "_",
                                        "_Z",
                                        "__Z",
                                        "_R",
                                        "_D",
                                        "_D4",
                                        "_DYNAMIC",
                                        "_Zebra!",
                                        "Z3foov",
                                        "[libc.so.6]",
                                        "std::vector<int>::size()",
                                        "_block_invoke",
                                        "___Z_block_invoke",
                                        "@VER",
                                        "_GLOBAL_OFFSET_TABLE_"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CHECK(!pp_demangle(pp_str(names[i]), PP_DEMANGLE_FULL, false, &out));
        check_out("nothing", names[i], "");
    }
    CHECK(!pp_demangle(pp_str("_Z3foov"), PP_DEMANGLE_NONE, false, &out) && out.len == 0);
}

static void test_a_buffer_that_is_new_takes_any_name(void)
{
    static const char *const names[] = {
        "_D4x", "_D1a1x!", "_RC0", "_RNvC0_1a", "_RINvC0a1fFG_RL0_hEuE", "_Z", "_ZN1a17hE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct pp_out fresh;
        pp_out_memory(&fresh, NULL);
        bool ok = pp_demangle(pp_str(names[i]), PP_DEMANGLE_SIMPLE, false, &fresh);
        CHECK(ok == (fresh.len > 0));
        pp_out_release(&fresh);
    }
}

static void test_ways_have_names(void)
{
    enum pp_demangle how = PP_DEMANGLE_NONE;
    CHECK(pp_demangle_named("simple", &how) && how == PP_DEMANGLE_SIMPLE);
    CHECK(pp_demangle_named("templates", &how) && how == PP_DEMANGLE_TEMPLATES);
    CHECK(pp_demangle_named("full", &how) && how == PP_DEMANGLE_FULL);
    CHECK(pp_demangle_named("none", &how) && how == PP_DEMANGLE_NONE);
    CHECK(!pp_demangle_named("", &how) && !pp_demangle_named("Full", &how));
}

/* --- names that are for people already ------------------------------------- */

static void check_simple(const char *name, const char *want)
{
    CHECK(pp_simplify(pp_str(name), PP_DEMANGLE_SIMPLE, &out));
    check_out("simpler", name, want);
}

static void test_names_for_people_are_simplified(void)
{
    check_simple("std::vector<int>::push_back(int const&)", "std::vector::push_back");
    check_simple("void foo<int>(int)", "foo");
    check_simple("unsigned long ns::f(std::map<int, std::pair<int, int> > const&) const", "ns::f");
    check_simple("bool operator< <int>(A<int> const&, A<int> const&)", "operator<");
    check_simple("std::ostream& operator<< <char>(std::ostream&, char)", "operator<<");
    check_simple("A::operator std::vector<int>() const", "A::operator std::vector");
    check_simple("std::enable_if<(1)>(2), int>::type f<int>(int)", "f");
    check_simple("(anonymous namespace)::f(int)", "(anonymous namespace)::f");
    check_simple("main::{lambda(int)#1}::operator()(int) const",
                 "main::{lambda(int)#1}::operator()");
    check_simple("a::b(int) [clone .cold]", "a::b");
    check_simple("non-virtual thunk to A<int>::f(int)", "non-virtual thunk to A::f");
    check_simple("core::ptr::drop_in_place<alloc::string::String>", "core::ptr::drop_in_place");
    check_simple("<alloc::vec::Vec<T,A> as core::ops::drop::Drop>::drop",
                 "<alloc::vec::Vec as core::ops::drop::Drop>::drop");
    check_simple("foo::<impl core::fmt::Display for Baz<T>>::fmt",
                 "foo::<impl core::fmt::Display for Baz>::fmt");
    CHECK(pp_simplify(pp_str("void f<int>(int)"), PP_DEMANGLE_TEMPLATES, &out));
    check_out("templates", "void f<int>(int)", "f<int>");
}

static void test_names_that_have_nothing_to_take_are_left_alone(void)
{
    static const char *const names[] = {
        "main",
        "main.(*T).f",
        "main.(*T[...]).f(x)",
        "main.Map[go.shape.int]",
        "Foo.<init>",
        "[libc.so.6]",
        "[unknown]",
        "foo(int)",
        "ns::f",
        "Foo::operator()",
        "A::operator->",
        "main()::<lambda(int)>::operator()",
        "a::{{closure}}",
        "a<b::c",
        "a::b>c",
        "x::y(",
        "",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CHECK(!pp_simplify(pp_str(names[i]), PP_DEMANGLE_SIMPLE, &out));
        check_out("nothing", names[i], "");
    }
    CHECK(!pp_simplify(pp_str("f<int>(int)"), PP_DEMANGLE_FULL, &out));
}

static void test_simplifying_the_full_name_gives_the_simple_one(void)
{
    struct pp_out full;
    pp_out_memory(&full, NULL);
    for (size_t i = 0; i < sizeof cxx / sizeof *cxx; i++) {
        if (strstr(cxx[i].full, "thunk to ") || strstr(cxx[i].full, "block in ") ||
            strstr(cxx[i].full, "(*f"))
            continue; /* pprof keeps the parameters here */
        if (!pp_simplify(pp_str(cxx[i].full), PP_DEMANGLE_SIMPLE, &out))
            CHECK(!strstr(cxx[i].full, "::") || strcmp(cxx[i].full, cxx[i].simple) == 0);
        else
            check_out("simpler", cxx[i].full, cxx[i].simple);
    }
    pp_out_release(&full);
}

/* --- names that mean harm -------------------------------------------------- */

static void put_many(struct pp_out *o, const char *text, size_t n)
{
    while (n--)
        pp_puts(o, text);
}

static bool demangles(const struct pp_out *o)
{
    return pp_demangle(pp_out_bytes(o), PP_DEMANGLE_FULL, false, &out) ||
           pp_demangle(pp_out_bytes(o), PP_DEMANGLE_SIMPLE, false, &out);
}

static void put_digits(struct pp_out *o, size_t n, size_t base, const char *digits)
{
    if (n >= base)
        put_digits(o, n / base, base, digits);
    pp_putc(o, digits[n % base]);
}

/* Each type contains the one before it twice: T1 = a<int, int>, T2 = a<T1, T1>, ... */
static void test_cxx_that_doubles_with_every_type_is_given_up(void)
{
    struct pp_out o;
    pp_out_memory(&o, NULL);
    pp_puts(&o, "_Z1f1aIiiE");
    for (size_t i = 0; i < 60; i++) {
        pp_puts(&o, "S_IS");
        put_digits(&o, i, 36, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        pp_puts(&o, "_S");
        put_digits(&o, i, 36, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        pp_puts(&o, "_E");
        if (i == 2)
            CHECK(pp_demangle(pp_out_bytes(&o), PP_DEMANGLE_FULL, false, &out));
    }
    CHECK(!pp_demangle(pp_out_bytes(&o), PP_DEMANGLE_FULL, false, &out) && out.len == 0);
    pp_out_release(&o);
}

static void put_rust_tuples(struct pp_out *o, const char *function, size_t levels)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    o->len = 0;
    pp_putf(o, "_RINvC1a%zu%s", strlen(function), function);
    size_t last = o->len;
    pp_puts(o, "NtC1au8gdel_5qa");
    for (size_t i = 0; i < levels; i++) {
        size_t at = last - 3; /* after "_R", and "_" alone is 0, so that "0_" is 1 */
        last = o->len;
        pp_puts(o, "TB");
        put_digits(o, at, 62, digits);
        pp_puts(o, "_B");
        put_digits(o, at, 62, digits);
        pp_puts(o, "_E");
    }
    pp_putc(o, 'E');
}

/*
 * The same with tuples of Rust, of a type whose name is not ASCII: libiberty holds memory while it
 * writes that, so the limit is made to fall on each part of a tuple.
 */
static void test_rust_that_doubles_with_every_type_is_given_up(void)
{
    static const char function[] = "ffffffffffffffffffff";
    struct pp_out o;
    pp_out_memory(&o, NULL);
    for (const char *f = function; *f; f++) {
        put_rust_tuples(&o, f, 3);
        CHECK(pp_demangle(pp_out_bytes(&o), PP_DEMANGLE_FULL, false, &out));
        put_rust_tuples(&o, f, 60);
        CHECK(!pp_demangle(pp_out_bytes(&o), PP_DEMANGLE_FULL, false, &out) && out.len == 0);
    }
    pp_out_release(&o);
}

/* The same with associative arrays of D. */
static void test_d_that_doubles_with_every_type_is_given_up(void)
{
    struct pp_out o;
    pp_out_memory(&o, NULL);
    pp_puts(&o, "_D1a1fFHii");
    size_t before = o.len - 3;
    for (size_t i = 0; i < 60; i++) {
        size_t at = o.len;
        pp_puts(&o, "HQ");
        pp_putc(&o, (char)('a' + (at + 1 - before)));
        pp_puts(&o, "Q");
        pp_putc(&o, (char)('a' + (at + 3 - before)));
        before = at;
        if (i == 2) {
            size_t len = o.len;
            pp_puts(&o, "Zv");
            CHECK(pp_demangle(pp_out_bytes(&o), PP_DEMANGLE_FULL, false, &out));
            o.len = len;
        }
    }
    pp_puts(&o, "Zv");
    CHECK(!pp_demangle(pp_out_bytes(&o), PP_DEMANGLE_FULL, false, &out) && out.len == 0);
    pp_out_release(&o);
}

static void test_nesting_is_refused_or_printed_but_never_overflows_the_stack(void)
{
    static const char *const begins[] = {"_Z1f", "_Z1fI", "_Z", "_ZN1a", "_RINvC1a1f", "_D1a1fF"};
    static const char *const nests[] = {"P",  "PF",  "1aI", "X", "Z", "RT_", "M",
                                        "A_", "Ut_", "T",   "R", "H", "DFG"};
    for (size_t b = 0; b < sizeof begins / sizeof *begins; b++)
        for (size_t n = 0; n < sizeof nests / sizeof *nests; n++) {
            struct pp_out o;
            pp_out_memory(&o, NULL);
            pp_puts(&o, begins[b]);
            put_many(&o, nests[n], (PP_LONGEST_MANGLED - 8) / strlen(nests[n]));
            pp_puts(&o, "i");
            bool ok = demangles(&o);
            CHECK(ok == (out.len > 0));
            pp_out_release(&o);
        }
}

static void test_names_longer_than_libiberty_takes_are_demangled_up_to_the_limit(void)
{
    enum { MANY = (PP_LONGEST_MANGLED - 4) / 5 };
    struct pp_out o;
    pp_out_memory(&o, NULL);
    pp_puts(&o, "_Z1f");
    put_many(&o, "1bIiE", MANY);
    CHECK(pp_demangle(pp_out_bytes(&o), PP_DEMANGLE_FULL, false, &out));
    CHECK_INT(out.len, strlen("f(") + MANY * strlen("b<int>, ") - strlen(", ") + strlen(")"));
    pp_puts(&o, "1bIiE");
    CHECK(!pp_demangle(pp_out_bytes(&o), PP_DEMANGLE_FULL, false, &out));
    put_many(&o, "i", 4 << 20);
    CHECK(!demangles(&o));
    pp_out_release(&o);
}

static void test_brackets_nested_too_deep_to_follow_stay(void)
{
    struct pp_out o;
    pp_out_memory(&o, NULL);
    pp_puts(&o, "a::b");
    put_many(&o, "<b", 10000);
    put_many(&o, ">", 10000);
    CHECK(!pp_simplify(pp_out_bytes(&o), PP_DEMANGLE_SIMPLE, &out));
    pp_out_release(&o);
}

static void test_a_name_with_a_nul_is_not_cut_there(void)
{
    static const char name[] = "_Z3foov\0bar";
    CHECK(!pp_demangle((struct pp_span){name, name + sizeof name - 1}, PP_DEMANGLE_SIMPLE, false,
                       &out));
}

/* This must be last: it releases `out`. */
static void test_the_buffer_can_be_released(void)
{
    pp_out_release(&out);
}

CHECK_MAIN(test_names_of_cxx_are_those_of_pprof, test_where_libiberty_and_pprof_differ,
           test_rust_loses_its_hashes_and_simple_its_generic_arguments,
           test_full_names_keep_what_compilers_added, test_names_of_d,
           test_versions_are_not_part_of_a_name, test_other_names_are_left_alone,
           test_a_buffer_that_is_new_takes_any_name, test_ways_have_names,
           test_names_for_people_are_simplified,
           test_names_that_have_nothing_to_take_are_left_alone,
           test_simplifying_the_full_name_gives_the_simple_one,
           test_cxx_that_doubles_with_every_type_is_given_up,
           test_rust_that_doubles_with_every_type_is_given_up,
           test_d_that_doubles_with_every_type_is_given_up,
           test_nesting_is_refused_or_printed_but_never_overflows_the_stack,
           test_names_longer_than_libiberty_takes_are_demangled_up_to_the_limit,
           test_brackets_nested_too_deep_to_follow_stay, test_a_name_with_a_nul_is_not_cut_there,
           test_the_buffer_can_be_released)
