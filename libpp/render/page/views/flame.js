// The graph of all stacks: by name, the heaviest first, by time, or from the leaf.

function flameView(page) {
    const {model} = page;
    const boxesBy = {
        name: () => model.named(), weight: () => model.heavy(), time: () => model.timed(),
        callers: () => model.reversed.boxes(),
    };
    const boxes = () => boxesBy[page.state().order]();
    const slowly = () => ({name: model.named, weight: model.heavy}[page.state().order] || model.named).slowly();
    let chart;

    return {
        id: "flame", title: "Flame", needs: () => true, charts: () => [chart],
        build(section) {
            chart = page.chart(section, "flame", "Graph of all stacks", "zoom");
            page.minimap(section, chart);
        },
        steps() {
            return page.treeSteps().concat(page.state().order === "callers"
                ? () => model.reversed.grow() : () => slowly());
        },
        show() {
            page.showBoxes(chart, boxes(), page.state().down);
        },
        frames: () => boxes().count - 1,
    };
}
