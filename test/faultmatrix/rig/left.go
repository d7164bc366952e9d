package rig

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"

	"github.com/kubewright/kubewright/pkg/apiservertest"
)

var (
	bubble = regexp.MustCompile(`^goroutine \d+ \[.*(synctest bubble \d+)`)
	// ofClients is in the stacks of goroutines that are those of informers and their requests.
	ofClients = regexp.MustCompile(`kubewright/pkg/(cache|rest|runtime|transport)[./]`)
)

// GoroutinesLeft returns the goroutines of clients that are left in the bubble of the caller, each as the top of its stack.
// Outside of a bubble it returns nothing: there are those of other tests.
func GoroutinesLeft() []string {
	stacks := make([]byte, 1<<20)
	for {
		n := runtime.Stack(stacks, true)
		if n < len(stacks) {
			stacks = stacks[:n]
			break
		}
		stacks = make([]byte, 2*len(stacks))
	}
	all := strings.Split(string(stacks), "\n\n")
	own := bubble.FindStringSubmatch(all[0]) // the caller is the first
	if own == nil {
		return nil
	}
	var left []string
	for _, stack := range all[1:] {
		header, body, _ := strings.Cut(stack, "\n")
		if in := bubble.FindStringSubmatch(header); in == nil || in[1] != own[1] || !ofClients.MatchString(body) || strings.Contains(body, "pkg/apiservertest") {
			continue
		}
		left = append(left, fmt.Sprintf("goroutine\n%.1500s", stack))
	}
	return left
}

// ConnectionsLeft returns the connections that a server still has.
func ConnectionsLeft(server *apiservertest.Server) []string {
	var left []string
	for _, c := range server.Faults().Conns() {
		left = append(left, fmt.Sprintf("connection %d", c.ID))
	}
	return left
}
