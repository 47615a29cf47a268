// A program in Go: inlined functions, methods, closures and generic functions must get their names.
package main

import (
	"fmt"
	"os"
	"sort"
	"strconv"
)

type shape interface{ area() float64 }
type square struct{ side float64 }

func (s square) area() float64 { return multiply(s.side, s.side) }

func multiply(a, b float64) float64 { return a * b }

func each[T, U any](in []T, f func(T) U) []U {
	var out []U
	for _, x := range in {
		out = append(out, f(x))
	}
	return out
}

//go:noinline
func work(n int) int {
	sum := 0
	for i := 0; i < n; i++ {
		sum += inner(i)
	}
	return sum
}

func inner(i int) int { return innermost(i) + 1 }

func innermost(i int) int { return i*i%7 + len(os.Args) }

func main() {
	shapes := []shape{square{1}, square{2}}
	sort.Slice(shapes, func(i, j int) bool { return shapes[i].area() < shapes[j].area() })
	fmt.Println(work(1000), each([]int{1, 2}, strconv.Itoa))
}
