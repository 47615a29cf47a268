/*
 * What the user looks at, all of it, as one object; everything on the screen is made from it.
 *
 *     view, order, down       which view, and how its graph is drawn
 *     measure                 the number of the column
 *     range, threads, filters which samples count (select.js)
 *     transforms              what is done to their stacks (transforms.js)
 *     zoom, window            a box, as keyOfBox() names it; and a part of the width around it
 *     callersZoom, calleesZoom the same in the charts of the sandwich
 *     picked                  the function that the sandwich is of
 *     search, ignoreCase      what is searched for
 *     side                    whether the panel with details is open
 *     nodes                   how many functions the call graph has
 *     laneDepth               the depth of the frames that lanes of the timeline show; 0: the leaves
 *
 * It stands in the address, can be gone back and forward in, and undone.
 */

// `shown` is called with each new state. The history of the browser may not be ours to change.
function makeState(initial, shown) {
    const store = {now: {...initial}, initial};
    const past = [], future = [];
    let before = null; // while something is shown that is not chosen yet

    function save(replace) {
        const text = linkOf(store.now, initial);
        try {
            if (text === location.hash.slice(1))
                return;
            history[replace ? "replaceState" : "pushState"](null, "", "#" + text);
        } catch (error) {
            // Embedded where links are not ours to change.
        }
    }

    function go(state, replace) {
        store.now = state;
        shown(state);
        save(replace);
    }

    // Sets some of it. `replace` is for what is not a step of its own: typing, a wheel that turns.
    store.change = (values, replace = false) => {
        store.now = before || store.now;
        before = null;
        const next = {...store.now, ...values};
        if (!replace && linkOf(next, initial) !== linkOf(store.now, initial)) {
            past.push(store.now);
            future.length = 0;
        }
        go(next, replace);
    };
    // Shows values that are not chosen yet, as while the mouse drags: no step, and not in the
    // address. With null, what was before.
    store.preview = (values) => {
        before ||= store.now;
        store.now = values ? {...before, ...values} : before;
        if (!values)
            before = null;
        shown(store.now);
    };
    const step = (from, to) => () => {
        if (!from.length)
            return;
        to.push(store.now);
        go(from.pop(), false);
    };
    store.undo = step(past, future);
    store.redo = step(future, past);
    store.canUndo = () => past.length > 0;
    store.canRedo = () => future.length > 0;
    store.follow = (state) => {
        store.now = state;
        shown(state);
    };
    // Whether only some of all is counted.
    store.isPartial = () => Boolean(store.now.filters.length || store.now.transforms.length ||
        store.now.range || store.now.threads);
    return store;
}
