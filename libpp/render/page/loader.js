"use strict";
/*
 * Unpacks the script of the page and runs it. It stands deflated in the page, and the policy allows
 * it by its hash as it does this one.
 */
(async () => {
    const packed = document.getElementById("code"), text = atob(packed.content.textContent.trim());
    const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0)), script = document.createElement("script");
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    script.textContent = await new Response(stream).text();
    packed.remove();
    document.body.append(script);
})();
