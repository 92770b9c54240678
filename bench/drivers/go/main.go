// SPDX-License-Identifier: MIT

// The workloads over Go's channels, with goroutines for threads. The command line, the output and
// the meaning of each workload are those of the drivers in C++.
package main

import (
	"flag"
	"fmt"
	"os"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

type options struct {
	workload  string
	capacity  int
	bytes     int
	senders   int
	receivers int
	channels  int
	messages  uint64
	interval  time.Duration
}

type message interface {
	[1]uint64 | [8]uint64 | [32]uint64
}

func of[T message](value uint64) T {
	var m T
	m[0] = value
	return m
}

const batch = 1000

func leave(status int, why string) {
	fmt.Println(why)
	os.Exit(status)
}

func parse() options {
	var o options
	capacity := flag.String("capacity", "unbounded", "")
	interval := flag.Int64("interval-ns", 0, "")
	handles := flag.String("handles", "moved", "")
	flag.StringVar(&o.workload, "workload", "", "")
	flag.IntVar(&o.bytes, "bytes", 8, "")
	flag.IntVar(&o.senders, "senders", 1, "")
	flag.IntVar(&o.receivers, "receivers", 1, "")
	flag.IntVar(&o.channels, "channels", 1, "")
	flag.Uint64Var(&o.messages, "messages", 1000, "")
	flag.Parse()
	if *capacity == "unbounded" || *handles != "moved" {
		leave(3, "unsupported")
	}
	n, err := strconv.Atoi(*capacity)
	if err != nil || n < 0 {
		leave(2, "wrong capacity")
	}
	o.capacity = n
	o.interval = time.Duration(*interval)
	return o
}

// What came out must be what went in: the numbers from 0 to n - 1.
func verify(sum, messages uint64) {
	if sum != messages*(messages-1)/2 {
		leave(1, "wrong sum of messages")
	}
}

func printThroughput(took time.Duration, messages uint64) {
	fmt.Printf("{\"ns_per_message\": %.3f}\n", float64(took.Nanoseconds())/float64(messages))
}

// Goroutines that start together, and the time from their start to the last receive.
type crew struct {
	ready, done sync.WaitGroup
	start       chan struct{}
	mutex       sync.Mutex
	began       time.Time
	ended       time.Time
}

func (c *crew) launch(job func(), receives bool) {
	c.ready.Add(1)
	c.done.Add(1)
	go func() {
		defer c.done.Done()
		c.ready.Done()
		<-c.start
		began := time.Now()
		job()
		ended := time.Now()
		c.mutex.Lock()
		defer c.mutex.Unlock()
		if c.began.IsZero() || began.Before(c.began) {
			c.began = began
		}
		if receives && ended.After(c.ended) {
			c.ended = ended
		}
	}()
}

func newCrew() *crew { return &crew{start: make(chan struct{})} }

func (c *crew) sends(job func())    { c.launch(job, false) }
func (c *crew) receives(job func()) { c.launch(job, true) }

func (c *crew) finish() time.Duration {
	c.ready.Wait()
	close(c.start)
	c.done.Wait()
	return c.ended.Sub(c.began)
}

func sequential[T message](o options) {
	channel := make(chan T, o.capacity)
	sum := uint64(0)
	began := time.Now()
	for first := uint64(0); first < o.messages; first += batch {
		end := first + batch
		if end > o.messages {
			end = o.messages
		}
		for v := first; v < end; v++ {
			channel <- of[T](v)
		}
		for v := first; v < end; v++ {
			m := <-channel
			sum += m[0]
		}
	}
	took := time.Since(began)
	verify(sum, o.messages)
	printThroughput(took, o.messages)
}

func throughput[T message](o options) {
	channel := make(chan T, o.capacity)
	var total uint64
	c := newCrew()
	part := func(i, parts int) uint64 { return o.messages * uint64(i) / uint64(parts) }
	for i := 0; i < o.senders; i++ {
		first, last := part(i, o.senders), part(i+1, o.senders)
		c.sends(func() {
			for v := first; v < last; v++ {
				channel <- of[T](v)
			}
		})
	}
	for i := 0; i < o.receivers; i++ {
		n := part(i+1, o.receivers) - part(i, o.receivers)
		c.receives(func() {
			sum := uint64(0)
			for ; n > 0; n-- {
				m := <-channel
				sum += m[0]
			}
			atomic.AddUint64(&total, sum)
		})
	}
	took := c.finish()
	verify(total, o.messages)
	printThroughput(took, o.messages)
}

func pingPong[T message](o options) {
	ping, pong := make(chan T, o.capacity), make(chan T, o.capacity)
	sum := uint64(0)
	c := newCrew()
	c.sends(func() {
		for i := uint64(0); i < o.messages; i++ {
			pong <- <-ping
		}
	})
	c.receives(func() {
		for v := uint64(0); v < o.messages; v++ {
			ping <- of[T](v)
			m := <-pong
			sum += m[0]
		}
	})
	took := c.finish()
	verify(sum, o.messages)
	printThroughput(took, o.messages)
}

func latency[T message](o options) {
	channel := make(chan T, o.capacity)
	waits := make([]uint64, o.messages)
	epoch := time.Now()
	c := newCrew()
	c.sends(func() {
		began := time.Since(epoch)
		for i := range waits {
			due := began + time.Duration(i)*o.interval
			sent := time.Since(epoch)
			for sent < due {
				sent = time.Since(epoch)
			}
			channel <- of[T](uint64(sent))
		}
	})
	c.receives(func() {
		for i := range waits {
			m := <-channel
			waits[i] = uint64(time.Since(epoch)) - m[0]
		}
	})
	c.finish()
	sort.Slice(waits, func(a, b int) bool { return waits[a] < waits[b] })
	at := func(permille int) uint64 { return waits[(len(waits)-1)*permille/1000] }
	fmt.Printf("{\"p50\": %d, \"p99\": %d, \"p99.9\": %d, \"max\": %d}\n",
		at(500), at(990), at(999), at(1000))
}

func make4[T message](capacity int) [4]chan T {
	return [4]chan T{make(chan T, capacity), make(chan T, capacity), make(chan T, capacity), make(chan T, capacity)}
}

func receiveOneOf4[T message](c *[4]chan T) uint64 {
	select {
	case m := <-c[0]:
		return m[0]
	case m := <-c[1]:
		return m[0]
	case m := <-c[2]:
		return m[0]
	case m := <-c[3]:
		return m[0]
	}
}

func receiveOneOf2[T message](c *[4]chan T) uint64 {
	select {
	case m := <-c[0]:
		return m[0]
	case m := <-c[1]:
		return m[0]
	}
}

func sendToOneOf4[T message](c *[4]chan T, m T) {
	select {
	case c[0] <- m:
	case c[1] <- m:
	case c[2] <- m:
	case c[3] <- m:
	}
}

// None of two or four empty channels has a message.
func findNone[T message](c *[4]chan T, n int) bool {
	if n == 2 {
		select {
		case <-c[0]:
		case <-c[1]:
		default:
			return true
		}
		return false
	}
	select {
	case <-c[0]:
	case <-c[1]:
	case <-c[2]:
	case <-c[3]:
	default:
		return true
	}
	return false
}

// One goroutine sends to the channels in turn, and selects. Or it only looks.
func selectAlone[T message](o options) {
	if o.channels != 2 && o.channels != 4 {
		leave(1, "2 or 4 channels")
	}
	c := make4[T](o.capacity)
	sum := uint64(0)
	began := time.Now()
	for v := uint64(0); v < o.messages; v++ {
		if o.workload == "try_select" {
			if findNone(&c, o.channels) {
				sum += v
			}
			continue
		}
		c[v%uint64(o.channels)] <- of[T](v)
		if o.channels == 2 {
			sum += receiveOneOf2(&c)
		} else {
			sum += receiveOneOf4(&c)
		}
	}
	took := time.Since(began)
	verify(sum, o.messages)
	printThroughput(took, o.messages)
}

// Each sender has its channel, or selects among all; the receivers select among all.
func selectAmongFour[T message](o options) {
	if o.senders != 4 {
		leave(1, "4 senders")
	}
	channels := make4[T](o.capacity)
	var total uint64
	c := newCrew()
	part := func(i, parts int) uint64 { return o.messages * uint64(i) / uint64(parts) }
	for i := 0; i < o.senders; i++ {
		i, first, last := i, part(i, o.senders), part(i+1, o.senders)
		c.sends(func() {
			for v := first; v < last; v++ {
				if o.workload == "select_both" {
					sendToOneOf4(&channels, of[T](v))
				} else {
					channels[i] <- of[T](v)
				}
			}
		})
	}
	for i := 0; i < o.receivers; i++ {
		n := part(i+1, o.receivers) - part(i, o.receivers)
		c.receives(func() {
			sum := uint64(0)
			for ; n > 0; n-- {
				sum += receiveOneOf4(&channels)
			}
			atomic.AddUint64(&total, sum)
		})
	}
	took := c.finish()
	verify(total, o.messages)
	printThroughput(took, o.messages)
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		leave(1, err.Error())
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// A message now and then; a receiver that is blocked for long is the case of one message.
func slow[T message](o options) {
	channel := make(chan T, o.capacity)
	sum := uint64(0)
	c := newCrew()
	var before, after time.Duration
	c.sends(func() {
		before = cpuTime()
		for v := uint64(0); v < o.messages; v++ {
			time.Sleep(o.interval)
			channel <- of[T](v)
		}
	})
	c.receives(func() {
		for i := uint64(0); i < o.messages; i++ {
			m := <-channel
			sum += m[0]
		}
		after = cpuTime()
	})
	took := c.finish()
	cpu := after - before
	verify(sum, o.messages)
	fmt.Printf("{\"cpu_ms\": %.3f, \"wall_ms\": %.3f}\n", cpu.Seconds()*1e3, took.Seconds()*1e3)
}

func run[T message](o options) {
	switch o.workload {
	case "seq":
		sequential[T](o)
	case "spsc", "mpsc", "mpmc", "coroutines", "pool":
		throughput[T](o)
	case "pingpong":
		pingPong[T](o)
	case "latency":
		latency[T](o)
	case "blocked", "slow":
		slow[T](o)
	case "select", "try_select":
		selectAlone[T](o)
	case "select_rx", "select_both":
		selectAmongFour[T](o)
	default:
		leave(2, "no such workload: "+o.workload)
	}
}

func main() {
	o := parse()
	switch o.bytes {
	case 64:
		run[[8]uint64](o)
	case 256:
		run[[32]uint64](o)
	default:
		run[[1]uint64](o)
	}
}
