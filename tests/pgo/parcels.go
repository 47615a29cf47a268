// A program whose indirect call nearly always calls the same: what go build -pgo makes direct.
package main

import (
	"fmt"
	"os"
	"strconv"
)

type item interface{ price(n uint64) uint64 }
type letter struct{ stamps uint64 }
type crate struct{ weight uint64 }

//go:noinline
func mix(a uint64) uint64 {
	for i := uint64(0); i < 40; i++ {
		a = a*2862933555777941757 + i
	}
	return a
}

func (l *letter) price(n uint64) uint64 { return mix(n+l.stamps) + 1 }
func (c *crate) price(n uint64) uint64  { return mix(n*c.weight) + 2 }

func total(items []item, n uint64) uint64 {
	s := uint64(0)
	for _, it := range items {
		s += it.price(n)
	}
	return s
}

func main() {
	rounds, _ := strconv.Atoi(os.Args[1])
	items := []item{}
	for i := uint64(0); i < 1000; i++ {
		if i%20 == 0 {
			items = append(items, &crate{i})
		} else {
			items = append(items, &letter{i})
		}
	}
	s := uint64(0)
	for i := 0; i < rounds; i++ {
		s += total(items, uint64(i))
	}
	fmt.Println(s)
}
