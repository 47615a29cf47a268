// Makes goroutine.in, ../tcmalloc/go.in and ../contentionz/go.in: what Go prints with debug=1.
package main

import (
	"context"
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"time"
)

var (
	kept [][]byte
	lock sync.Mutex
)

//go:noinline
func wait(ready *sync.WaitGroup, c chan int) {
	ready.Done()
	<-c
}

//go:noinline
func hold(size int) { kept = append(kept, make([]byte, size)) }

func contend(done *sync.WaitGroup) {
	for i := 0; i < 20; i++ {
		lock.Lock()
		time.Sleep(100 * time.Microsecond)
		lock.Unlock()
	}
	done.Done()
}

func write(name, file string) {
	f, err := os.Create(file)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	pprof.Lookup(name).WriteTo(f, 1)
}

func main() {
	runtime.MemProfileRate = 4096
	runtime.SetMutexProfileFraction(1)
	var ready, done sync.WaitGroup
	c := make(chan int)
	for i := 0; i < 3; i++ {
		ready.Add(1)
		go wait(&ready, c)
	}
	ready.Add(1)
	go pprof.Do(context.Background(), pprof.Labels("job", "index \"a\""), func(context.Context) {
		wait(&ready, c)
	})
	ready.Wait()
	for i := 0; i < 50; i++ {
		hold(100000)
	}
	for i := 0; i < 3; i++ {
		done.Add(1)
		go contend(&done)
	}
	done.Wait()
	runtime.GC()
	write("goroutine", "goroutine.in")
	write("heap", "../tcmalloc/go.in")
	write("mutex", "../contentionz/go.in")
}
