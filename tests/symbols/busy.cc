/* C++ as people write it: much of it is inlined, in many levels, from the standard library. */
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

struct animal {
    virtual ~animal() = default;
    virtual std::string name() const = 0;
};

template <int Legs> struct walker : animal {
    std::string name() const override
    {
        return "walker on " + std::to_string(Legs);
    }
};

static std::map<std::string, int> count_names(const std::vector<std::unique_ptr<animal>> &animals)
{
    std::map<std::string, int> counts;
    for (const auto &a : animals)
        counts[a->name()]++;
    return counts;
}

static int longest(const std::map<std::string, int> &counts)
{
    return std::accumulate(counts.begin(), counts.end(), 0, [](int most, const auto &entry) {
        return std::max(most, static_cast<int>(entry.first.size()) * entry.second);
    });
}

int main(int argc, char **)
{
    std::vector<std::unique_ptr<animal>> animals;
    for (int i = 0; i < 10 * argc; i++)
        if (i % 2)
            animals.push_back(std::make_unique<walker<2>>());
        else
            animals.push_back(std::make_unique<walker<4>>());
    std::vector<int> numbers(100, argc);
    std::sort(numbers.begin(), numbers.end(), std::greater<int>());
    std::function<int(int)> add = [&numbers](int x) { return x + numbers.back(); };
    return add(longest(count_names(animals))) & 1;
}
