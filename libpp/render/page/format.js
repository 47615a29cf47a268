/*
 * Numbers as people read them. What is stored is a whole number of the column's smallest unit;
 * what is shown is that, scaled by what pp-flamegraph was given, with a unit that fits its size.
 */

const UNIT_STEPS = {
    nanoseconds: [["ns", 1], ["\u00b5s", 1e3], ["ms", 1e6], ["s", 1e9], ["min", 6e10], ["h", 3.6e12]],
    microseconds: [["\u00b5s", 1], ["ms", 1e3], ["s", 1e6], ["min", 6e7], ["h", 3.6e9]],
    milliseconds: [["ms", 1], ["s", 1e3], ["min", 6e4], ["h", 3.6e6]],
    seconds: [["s", 1], ["min", 60], ["h", 3600]],
    bytes: [["B", 1], ["KiB", 2 ** 10], ["MiB", 2 ** 20], ["GiB", 2 ** 30], ["TiB", 2 ** 40]],
};
const COUNT_STEPS = [["M", 1e6], ["G", 1e9], ["T", 1e12]];
const LONG_COUNT = 1e7; // counts up to here are shown in full

function grouped(v) {
    return v.toLocaleString("en", {maximumFractionDigits: 9});
}

function share(part) {
    return (100 * (part || 0)).toFixed(2) + "%";
}

function scaled(value, steps) {
    const [name, size] = steps.findLast((step) => Math.abs(value) >= step[1]) || steps[0];
    return (value / size).toLocaleString("en", {maximumSignificantDigits: 4}) + " " + name;
}

// 83 nanoseconds as "83 ns"; for axes and durations.
const duration = (ns) => scaled(ns, UNIT_STEPS.nanoseconds);

/*
 * How the values of a column are shown: short() with a unit that fits, exact() in full and with the
 * name of its unit, plain() as a number without a unit, change() as a difference to another side.
 */
function formatOf(column, given) {
    const factor = Number(given.factor) / 1e6;
    const steps = !given.count && UNIT_STEPS[column.unit];
    const unit = given.count ||
        (column.unit === "count" || !column.unit ? column.type : column.unit);
    const plain = (v) => v * factor / 10 ** column.decimals;
    const exact = (v) => grouped(plain(v)) + " " + unit;
    const short = (v) => {
        const value = plain(v);
        if (steps)
            return scaled(value, steps);
        return Math.abs(value) < LONG_COUNT ? grouped(value) : scaled(value, COUNT_STEPS);
    };
    // "+1.25 s (+3.10%)": how much more there is after than before, of all.
    const change = (v, other, all) => {
        const isBefore = column.side === 1;
        const before = isBefore ? v : other, after = isBefore ? other : v;
        const sign = after > before ? "+" : after < before ? "\u2212" : "";
        const size = Math.abs(after - before), kind = !before ? ", new" : !after ? ", gone" : "";
        return sign + short(size) + " (" + sign + share(size / all) + ")" + kind;
    };
    // "227.1 ms" with a unit of its own, and "25 samples" with the name of the column's.
    const named = (v) => /[^\d.,\u2212-]/.test(short(v)) && steps ? short(v) : short(v) + " " + unit;
    return {unit, plain, exact, short, change, named};
}

// The last part of a path.
const baseName = (path) => path.replace(/.*\//, "");
