// Records go-cpu.pb.gz and go-heap.pb.gz; unpacked they are go-cpu.in and go-heap.in.
package main

import (
	"context"
	"os"
	"runtime"
	"runtime/pprof"
	"time"
)

var kept [][]byte

//go:noinline
func allocate(n int) { kept = append(kept, make([]byte, n)) }

func inlined(x int) int { return x*x%7 + 1 }

//go:noinline
func spin(d time.Duration) int {
	s := 0
	for end := time.Now().Add(d); time.Now().Before(end); {
		for i := 0; i < 1000; i++ {
			s += inlined(i)
		}
	}
	return s
}

func main() {
	runtime.MemProfileRate = 1 << 12
	f, _ := os.Create("go-cpu.pb.gz")
	pprof.StartCPUProfile(f)
	pprof.Do(context.Background(), pprof.Labels("task", "spin", "kind", "test"), func(context.Context) { spin(300 * time.Millisecond) })
	spin(100 * time.Millisecond)
	pprof.StopCPUProfile()
	f.Close()
	for i := 0; i < 64; i++ {
		allocate(1 << 14)
		allocate(100)
	}
	runtime.GC()
	h, _ := os.Create("go-heap.pb.gz")
	pprof.Lookup("heap").WriteTo(h, 0)
	h.Close()
}
