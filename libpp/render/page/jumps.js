/*
 * Jumps within a routine, as arrows beside its instructions. An arrow has a track: short ones are
 * the nearest to the code, and jumps that would cross too many others have none.
 */

const TRACKS = 5, TRACK = 7; // how many, and pixels between two

// x86's jumps and loops, and branches of ARM; the address that follows is the target.
const JUMP = /^(?:bnd |notrack )?(?:j\w+|loop\w*|b(?:\.?[a-z]{2})?|cbn?z|tbn?z)\b.*?\b([0-9a-f]+) </;

// The address that an instruction jumps to; null if it is no jump, or through a register.
function jumpTarget(routine, {text}) {
    const found = JUMP.exec(text || "");
    return found ? parseInt(found[1], 16) + routine.shift : null;
}

// Of rows with `address` those that jump to another: [{from, to}], numbers of rows.
function jumpsOf(routine, rows) {
    const at = new Map(rows.map((row, i) => [row.address, i])), jumps = [];
    rows.forEach((row, from) => {
        const to = at.get(jumpTarget(routine, row));
        if (row.address !== undefined && to !== undefined)
            jumps.push({from, to});
    });
    return jumps;
}

/*
 * For each row what passes it: lists of {track, part, to}, where part is "from", "to" or "pass", and
 * `up` and `down` say in which direction the line goes on.
 */
function railsOf(jumps, count) {
    const rails = Array.from({length: count}, () => []), length = ({from, to}) => Math.abs(to - from);
    for (const jump of jumps.slice().sort((a, b) => length(a) - length(b) || a.from - b.from)) {
        const first = Math.min(jump.from, jump.to), last = Math.max(jump.from, jump.to);
        const isFree = (track) => {
            for (let i = first; i <= last; i++)
                if (rails[i].some((rail) => rail.track === track))
                    return false;
            return true;
        };
        const track = Array.from({length: TRACKS}, (none, t) => t).find(isFree);
        if (track === undefined)
            continue;
        for (let i = first; i <= last; i++)
            rails[i].push({track, up: i > first, down: i < last,
                           part: i === jump.to ? "to" : i === jump.from ? "from" : "pass"});
    }
    return rails;
}

const RAILS_WIDTH = (TRACKS + 1) * TRACK + 4;

// Draws what passes a row into a canvas of its height.
function drawRails(canvas, rails, height, color) {
    const context = clearedCanvas(canvas, RAILS_WIDTH, height), middle = height / 2, end = RAILS_WIDTH - 2;
    context.strokeStyle = context.fillStyle = color;
    for (const {track, part, up, down} of rails) {
        const x = RAILS_WIDTH - 4 - (track + 1) * TRACK + 0.5;
        context.beginPath();
        context.moveTo(x, up ? 0 : middle);
        context.lineTo(x, down ? height : middle);
        if (part !== "pass") {
            context.moveTo(x, middle);
            context.lineTo(end, middle);
        }
        context.stroke();
        if (part !== "to")
            continue;
        context.beginPath();
        context.moveTo(end, middle);
        context.lineTo(end - 5, middle - 3.5);
        context.lineTo(end - 5, middle + 3.5);
        context.fill();
    }
}
