/*
 * Work in slices. A step is a function; one that returns an iterator is done as it yields. What is
 * done within a frame is shown at once; what takes longer lets the browser draw and listen in
 * between, shows a line of progress, and is given up when other work begins.
 */

// What an iterator makes, at once.
function finish(iterator) {
    for (;;) {
        const {done, value} = iterator.next();
        if (done)
            return value;
    }
}

const SLICE = 12; // milliseconds: less than a frame

function makeWork(line) {
    const channel = new MessageChannel();
    let current = null;

    function begin(steps, done) {
        return {steps: steps.slice(), at: 0, inner: null, done};
    }

    // Works until a time; whether all is done.
    function go(job, until) {
        while (job.inner || job.at < job.steps.length) {
            if (!job.inner) {
                const made = job.steps[job.at++]();
                job.inner = made && typeof made.next === "function" ? made : null;
            } else if (job.inner.next().done) {
                job.inner = null;
            }
            if (performance.now() > until && (job.inner || job.at < job.steps.length))
                return false;
        }
        return true;
    }

    function show(job) {
        line.hidden = !job;
        document.body.setAttribute("aria-busy", Boolean(job));
        if (job)
            line.firstChild.style.width = 100 * job.at / (job.steps.length + 1) + "%";
    }

    function end(job) {
        current = null;
        show(null);
        job.done();
    }

    channel.port1.onmessage = (event) => {
        const job = current;
        if (!job || job.number !== event.data)
            return;
        if (go(job, performance.now() + SLICE)) {
            end(job);
            return;
        }
        show(job);
        channel.port2.postMessage(job.number);
    };

    let number = 0;
    return {
        isBusy: () => current !== null,
        run(steps, done) {
            const job = begin(steps, done);
            job.number = ++number;
            current = job;
            if (go(job, performance.now() + SLICE)) {
                end(job);
                return;
            }
            show(job);
            channel.port2.postMessage(job.number);
        },
    };
}
