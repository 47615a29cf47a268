# plot.awk - draws "megabytes seconds" lines as an SVG, both axes in logarithms, beside a line at which
# ten times as much takes ten times as long.
function log10(v) { return log(v) / log(10) }
function x(mb) { return sprintf("%.1f", 60 + (log10(mb) - 1) * 200) }
function y(s) { return sprintf("%.1f", 260 - (log10(s) + 2) * 75) }
function text(at_x, at_y, anchor, what) {
    printf "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n", at_x, at_y, anchor, what
}
{ mb[NR] = $1; s[NR] = $2 }
END {
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 560 310\" font-family=\"sans-serif\" font-size=\"12\">"
    print "<title>Processor time of pp-convert against the size of its input</title>"
    print "<rect width=\"560\" height=\"310\" fill=\"#fff\"/>"
    for (d = 1; d <= 3; d++) {
        printf "<path d=\"M%s 35V260\" stroke=\"#ddd\"/>\n", x(10 ^ d)
        text(x(10 ^ d), 278, "middle", 10 ^ d " MB")
    }
    for (d = -2; d <= 1; d++) {
        printf "<path d=\"M60 %sH540\" stroke=\"#ddd\"/>\n", y(10 ^ d)
        text(54, y(10 ^ d) + 4, "end", 10 ^ d " s")
    }
    printf "<path d=\"M%s %sL%s %s\" stroke=\"#999\" stroke-dasharray=\"4\"/>\n",
        x(mb[1]), y(s[1]), x(mb[NR]), y(s[1] * mb[NR] / mb[1])
    printf "<polyline fill=\"none\" stroke=\"#c40\" stroke-width=\"2\" points=\""
    for (i = 1; i <= NR; i++)
        printf "%s,%s ", x(mb[i]), y(s[i])
    print "\"/>"
    for (i = 1; i <= NR; i++) {
        printf "<circle cx=\"%s\" cy=\"%s\" r=\"3\" fill=\"#c40\"/>\n", x(mb[i]), y(s[i])
        text(x(mb[i]) + 8, y(s[i]) + 14, "start", s[i] " s")
    }
    text(60, 22, "start", "pp-convert -j 1, perf script to folded; dashed: in proportion")
    print "</svg>"
}
