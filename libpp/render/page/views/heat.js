/*
 * When there was how much, as a map: columns follow each other, each is a second (or what fits), and
 * goes up in parts of it. Two clicks select the range from one cell to the other; Esc ends that.
 */

const HEAT_ROWS = 50;
const HEAT_STEPS = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 6e10, 6e11, 3.6e12, 8.64e13];
const MOST_COLUMNS = 600, FEWEST_COLUMNS = 20;

// Cells of the whole time: the number and the length of columns, and the sum in each row of them.
function heatMap(times, span, column, threads, passes) {
    const isSecond = span >= FEWEST_COLUMNS * 1e9 && span <= MOST_COLUMNS * 1e9;
    const fits = (s) => isSecond ? s === 1e9 : span / s <= MOST_COLUMNS / 2;
    const step = HEAT_STEPS.find(fits) || HEAT_STEPS[HEAT_STEPS.length - 1];
    const columns = Math.floor(span / step) + 1;
    const end = columns * step;
    const sums = histogram(times, column, [0, end], columns * HEAT_ROWS, threads, passes);
    return {step, columns, rows: HEAT_ROWS, cell: step / HEAT_ROWS, sums};
}

// From nothing to the most, so that more is always farther from the background.
function heatColor(part, dark) {
    if (!part)
        return dark ? [31, 32, 38] : [244, 244, 246];
    const stops = dark ? [[66, 42, 20], [178, 74, 16], [255, 170, 40], [255, 244, 190]]
        : [[255, 226, 170], [250, 150, 60], [206, 44, 32], [84, 6, 30]];
    const at = Math.min(0.999, Math.sqrt(part)) * (stops.length - 1), k = Math.floor(at);
    return stops[k].map((v, i) => Math.round(v + (stops[k + 1][i] - v) * (at - k)));
}

function heatView(page) {
    const {model} = page;
    let host, canvas, mark, first = null, cursor = 0, legend, scale;

    const map = () => model.heat();
    const sizeOf = () => [canvas.clientWidth / map().columns, canvas.clientHeight / map().rows];
    const startOf = (cell) => cell * map().cell;
    const endOf = (cell) => Math.round(startOf(cell + 1)) - 1;

    function cellAt(event) {
        const box = canvas.getBoundingClientRect(), [w, h] = sizeOf();
        const column = Math.floor((event.clientX - box.left) / w);
        const row = map().rows - 1 - Math.floor((event.clientY - box.top) / h);
        const isIn = column >= 0 && column < map().columns && row >= 0 && row < map().rows;
        return isIn ? column * map().rows + row : -1;
    }

    const sayCell = (cell) => [duration(startOf(cell)) + " \u2013 " + duration(startOf(cell + 1)),
                               model.format().named(map().sums[cell])];

    // --- selecting ---

    function pick(cell) {
        cursor = cell;
        if (first === null) {
            first = cell;
            draw();
            part("status").textContent = "From " + duration(startOf(cell)) + ": select the other end";
            return;
        }
        const [from, to] = [Math.min(first, cell), Math.max(first, cell)];
        first = null;
        page.change({range: [Math.ceil(startOf(from)), endOf(to)]});
    }

    function onKey(event) {
        const rows = map().rows, most = map().sums.length - 1;
        const step = {ArrowUp: 1, ArrowDown: -1, ArrowRight: rows, ArrowLeft: -rows}[event.key];
        if (event.key === "Enter" || event.key === " ")
            pick(cursor);
        else if (event.key === "Escape" && first !== null)
            first = null;
        else if (step)
            cursor = Math.max(0, Math.min(most, cursor + step));
        else
            return;
        event.preventDefault();
        event.stopPropagation();
        part("status").textContent = sayCell(cursor).join(": ");
        draw();
    }

    function build(section) {
        const line = make(section, "p", "choices");
        legend = make(line, "span", "hint");
        scale = make(line, "span", "scale");
        host = make(section, "div", "heat");
        canvas = make(host, "canvas", "");
        mark = make(host, "div", "cell");
        mark.hidden = true;
        host.tabIndex = 0;
        host.setAttribute("role", "application");
        host.setAttribute("aria-label", "Heat map: arrows move, Enter selects the ends of a range");
        const tip = makeTip();
        canvas.addEventListener("pointermove", (event) => {
            const cell = cellAt(event);
            if (cell < 0 || event.pointerType === "touch")
                tip.hide();
            else
                tip.show(sayCell(cell), event.clientX, event.clientY);
            showMark(cell);
        });
        canvas.addEventListener("pointerleave", () => {
            tip.hide();
            showMark(-1);
        });
        canvas.addEventListener("click", (event) => {
            if (cellAt(event) >= 0)
                pick(cellAt(event));
        });
        host.addEventListener("keydown", onKey);
        new ResizeObserver(() => page.shown() === view && draw()).observe(host);
    }

    // --- drawing ---

    function showMark(cell) {
        const [w, h] = sizeOf();
        mark.hidden = cell < 0;
        mark.style.left = Math.floor(cell / map().rows) * w + "px";
        mark.style.top = (map().rows - 1 - cell % map().rows) * h + "px";
        mark.style.width = w + "px";
        mark.style.height = h + "px";
    }

    function paintCells() {
        const {columns, rows, sums} = map(), most = Math.max(...sums) || 1, dark = isDark();
        const range = page.state().range, image = new ImageData(columns, rows);
        sums.forEach((sum, cell) => {
            const at = 4 * ((rows - 1 - cell % rows) * columns + Math.floor(cell / rows));
            const isOut = range && (endOf(cell) < range[0] || startOf(cell) > range[1]);
            const isFirst = cell === first;
            image.data.set(isFirst ? [0, 120, 255, 255]
                : [...heatColor(sum / most, dark), isOut ? 90 : 255], at);
        });
        return image;
    }

    // The colours from nothing to the most.
    function showScale() {
        const most = Math.max(...map().sums), text = (v) => model.format().short(v);
        scale.replaceChildren(text(0) + " ");
        for (const part of [0, 0.1, 0.25, 0.5, 0.75, 1])
            make(scale, "i", "").style.background = "rgb(" + heatColor(part, isDark()).join() + ")";
        scale.append(" " + model.format().named(most) + " a cell");
    }

    function draw() {
        const image = paintCells(), w = host.clientWidth, h = host.clientHeight;
        if (!w || !h)
            return;
        const small = document.createElement("canvas");
        small.width = image.width;
        small.height = image.height;
        small.getContext("2d").putImageData(image, 0, 0);
        canvas.width = w;
        canvas.height = h;
        const context = canvas.getContext("2d");
        context.imageSmoothingEnabled = false;
        context.drawImage(small, 0, 0, w, h);
        if (document.activeElement === host)
            showMark(cursor);
    }

    const view = {
        id: "heat", title: "Heat map", noun: "cells with samples", needs: () => page.hasClock, charts: () => [],
        build,
        steps: () => [() => model.shape(), () => model.tree(), () => void map()],
        show() {
            const {step, cell} = map();
            legend.textContent = "A column is " + duration(step) + ", a cell " + duration(cell) +
                ". Click two cells to select what is between them.";
            showScale();
            draw();
        },
        subject: () => null,
        focus: () => host.focus(),
        // Esc ends a selection that was begun.
        escape() {
            const begun = first !== null;
            first = null;
            draw();
            return begun;
        },
        frames: () => map().sums.filter((sum) => sum).length,
    };
    return view;
}
