/*
 * parcels.cc ROUNDS - the workload of tests/pgo.sh: what a compiler can learn from a profile is
 * which of three virtual functions is called nearly always, which side of a branch is taken, and
 * which small function is worth inlining.
 */
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

namespace {

struct Parcel {
    virtual ~Parcel() = default;
    virtual unsigned price(unsigned distance) const = 0;
};

struct Letter : Parcel {
    unsigned price(unsigned distance) const override
    {
        unsigned sum = 80;
        for (unsigned zone = distance; zone > 64; zone /= 4)
            sum += zone & 3 ? 2 : 1;
        return sum;
    }
};

struct Box : Parcel {
    unsigned weight = 3;
    unsigned price(unsigned distance) const override
    {
        unsigned sum = 200;
        for (unsigned zone = distance; zone > 16; zone /= 2)
            sum += weight * (zone & 1);
        return sum;
    }
};

struct Pallet : Parcel {
    unsigned price(unsigned distance) const override
    {
        unsigned sum = 1000;
        for (unsigned i = 0; i < distance % 97; i++)
            sum += sum >> 7 ^ i;
        return sum;
    }
};

unsigned next(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Large enough that no compiler inlines it unasked, and called from a hot place and a cold one. */
unsigned customs(unsigned distance, unsigned kind, unsigned seed)
{
    unsigned duty = seed;
    if (distance % 1024 == 7) {
        for (unsigned i = 0; i < 40; i++)
            duty = duty * 33 + i * kind;
        duty ^= duty >> 16;
        if (duty % 3 == 0)
            duty += kind * 17;
        else if (duty % 5 == 0)
            duty -= kind * 13;
        else
            duty ^= kind << 3;
    } else if (distance % 1024 == 9) {
        for (unsigned i = 0; i < 60; i++)
            duty = (duty ^ i) * 2654435761u;
        duty += kind % 7 ? distance : kind;
    } else {
        duty += distance & 15;
    }
    if (duty == 0xffffffffu) {
        std::printf("no duty for %u, %u, %u\n", distance, kind, seed);
        std::abort();
    }
    return duty;
}

unsigned long add_up(const std::vector<std::unique_ptr<Parcel>> &parcels, unsigned *state)
{
    unsigned long sum = 0;
    for (const auto &parcel : parcels) {
        unsigned distance = next(state) % 4096;
        sum += parcel->price(distance);
        sum += customs(distance, 3, distance);
    }
    return sum;
}

std::unique_ptr<Parcel> make(unsigned kind)
{
    if (kind % 50 == 0)
        return std::make_unique<Pallet>();
    if (kind % 10 == 0)
        return std::make_unique<Box>();
    return std::make_unique<Letter>();
}

} // namespace

int main(int argc, char **argv)
{
    unsigned rounds = argc > 1 ? (unsigned)std::atoi(argv[1]) : 1, state = 1;
    unsigned long sum = 0;
    std::vector<std::unique_ptr<Parcel>> parcels;
    for (unsigned i = 0; i < 1000; i++)
        parcels.push_back(make(next(&state)));
    for (unsigned r = 0; r < rounds; r++)
        sum += add_up(parcels, &state);
    std::printf("%lu %u\n", sum, customs(state % 4096, rounds, state));
    return 0;
}
