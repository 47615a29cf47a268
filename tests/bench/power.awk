# power.awk - draws the tables of docs/comparing.md as an SVG: how often a change is found, by how large
# it is. Reads their rows, "| 5 % | 24 % | 55 % | 82 % |", three tables of four; a panel for each, with a
# line for each number of runs.
function x(panel, growth) { return sprintf("%.1f", 46 + panel * 190 + growth * 7) }
function y(found) { return sprintf("%.1f", 210 - found * 1.6) }
function text(at_x, at_y, anchor, what) {
    printf "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n", at_x, at_y, anchor, what
}
{
    panel = int((NR - 1) / 4)
    row = (NR - 1) % 4
    growth[row] = $2
    for (line = 0; line < 3; line++)
        found[panel, line, row] = $(5 + 3 * line)
}
END {
    split("1000 samples a run|100 samples a run|1000, and runs that differ by 5 %", titles, "|")
    split("#999 #07c #c40", colours, " ")
    split("3 runs a side|5|8", names, "|")
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 600 260\" font-family=\"sans-serif\" font-size=\"11\">"
    print "<title>How often a function that grew is found</title>"
    print "<rect width=\"600\" height=\"260\" fill=\"#fff\"/>"
    for (panel = 0; panel < 3; panel++) {
        text(x(panel, 10), 36, "middle", titles[panel + 1])
        for (found_part = 0; found_part <= 100; found_part += 25) {
            printf "<path d=\"M%s %sH%s\" stroke=\"#ddd\"/>\n", x(panel, 0), y(found_part), x(panel, 20)
            text(x(panel, 0) - 4, y(found_part) + 4, "end", found_part)
        }
        for (row = 0; row < 4; row++)
            text(x(panel, growth[row]), 226, "middle", growth[row] " %")
        for (line = 0; line < 3; line++) {
            printf "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"", colours[line + 1]
            for (row = 0; row < 4; row++)
                printf "%s,%s ", x(panel, growth[row]), y(found[panel, line, row])
            print "\"/>"
        }
    }
    text(46, 16, "start", "Found, in % of comparisons, against the growth of a function")
    for (line = 0; line < 3; line++) {
        printf "<path d=\"M%d 246h20\" stroke=\"%s\" stroke-width=\"2\"/>\n", 46 + 110 * line, colours[line + 1]
        text(72 + 110 * line, 250, "start", names[line + 1])
    }
    print "</svg>"
}
