// canvas.js - canvases in the resolution of the screen.

// Clears a canvas of `w` times `h` CSS pixels, whatever size it had; its context, ready for text.
function clearedCanvas(canvas, w, h) {
    const ratio = window.devicePixelRatio || 1, context = canvas.getContext("2d");
    if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
        canvas.width = Math.round(w * ratio);
        canvas.height = Math.round(h * ratio);
        canvas.style.width = w + "px";
        canvas.style.height = h + "px";
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, w, h);
    context.font = "12px Verdana, 'DejaVu Sans', sans-serif";
    context.textBaseline = "middle";
    return context;
}
