package faultmatrix

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// choice says which of all possible runs are played.
type choice struct {
	seed     uint64
	seeds    int
	kinds    int
	rig, net string
	slow     bool
}

// flags are the choice of the command line.
var flags = choose(flag.CommandLine)

func choose(f *flag.FlagSet) *choice {
	c := &choice{}
	f.Uint64Var(&c.seed, "seed", 0, "the only seed; 0: others for each kind of informer")
	f.IntVar(&c.seeds, "seeds", 1, "how many seeds each case is played with in memory, for each kind of informer; if several, one of them is random")
	f.IntVar(&c.kinds, "kinds", 3, "how many kinds of informer each case is played with in memory, others in each case; 0: all")
	f.StringVar(&c.rig, "rig", "", "the only kind of informer, such as typed-json; empty: all")
	f.StringVar(&c.net, "net", "", "the only network, memory or tcp; empty: both")
	f.BoolVar(&c.slow, "slow", false, "play over TCP also what takes minutes there, all with its full numbers and, without -race, what takes some GB")
	return c
}

// run is one play of a scenario.
type run struct {
	row      row
	scenario scenario
	net      string
	kind     rig.Kind
	seed     uint64
	slow     bool // the choice was
}

// runs are those that are played of rows. In memory each case is played with some kinds of informer, others in each case. Over TCP,
// and where nothing else may run meanwhile, which is expensive, it is one of them.
func (c *choice) runs(rows []row) (runs []run) {
	for _, row := range rows {
		for _, s := range row.cases {
			if (s.deep || s.huge) && !c.slow || s.huge && race {
				continue
			}
			for n, kind := range c.kindsOf(row, s) {
				seeds := c.seedsFor(n)
				one, last := n == 0, seeds[len(seeds)-1]
				switch {
				case !c.on("memory"):
				case !s.alone:
					for _, seed := range seeds {
						runs = append(runs, run{row, s, "memory", kind, seed, c.slow})
					}
				case one:
					runs = append(runs, run{row, s, "memory", kind, last, c.slow})
				}
				if one && c.on("tcp") && s.hours == "" && (c.slow || s.slow == "" && !s.alone) {
					runs = append(runs, run{row, s, "tcp", kind, last, c.slow})
				}
			}
		}
	}
	return runs
}

func (c *choice) on(net string) bool { return c.net == "" || c.net == net }

// kindsOf are the kinds of informer that a case is played with.
func (c *choice) kindsOf(row row, s scenario) (kinds []rig.Kind) {
	for _, kind := range rig.Kinds {
		if (s.rigs == nil || s.rigs(kind)) && (c.rig == "" || c.rig == kind.Name) {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		return nil
	}
	first := hash(row.name+s.name) % len(kinds)
	kinds = slices.Concat(kinds[first:], kinds[:first])
	if c.kinds > 0 {
		kinds = kinds[:min(c.kinds, len(kinds))]
	}
	return kinds
}

// seedsFor are those for the n-th kind of informer of a case: fixed ones, others for each kind, and a random one for the first
// kind if there are several.
func (c *choice) seedsFor(n int) []uint64 {
	if c.seed != 0 {
		return []uint64{c.seed}
	}
	var all []uint64
	for i := range c.seeds {
		all = append(all, uint64(1+n+i*len(rig.Kinds)))
	}
	if n == 0 && c.seeds > 1 {
		all[c.seeds-1] = 1e3 + rand.Uint64N(1e9)
	}
	return all
}

func hash(text string) int {
	h := fnv.New32()
	_, _ = h.Write([]byte(text)) // never fails
	return int(h.Sum32() >> 1)
}

func (r run) path() string {
	return fmt.Sprintf("row-%02d/%s", r.row.number, r.scenario.name)
}

func (r run) name() string {
	return fmt.Sprintf("%s/%s/%s/seed=%d", r.path(), r.net, r.kind.Name, r.seed)
}

// replay is the command that plays it again.
func (r run) replay() string {
	slow, detector := "", " -race"
	if r.slow {
		slow = " -slow"
	}
	if r.scenario.huge {
		detector = ""
	}
	return fmt.Sprintf("go test -C test/faultmatrix%s -count=1 . -run '^TestMatrix$/^row-%02d$/^%s$' -seed %d -rig %s -net %s%s",
		detector, r.row.number, r.scenario.name, r.seed, r.kind.Name, r.net, slow)
}

// TestReplay wants that the command which a failure prints plays that run, and no other.
func TestReplay(t *testing.T) {
	for _, slow := range []bool{false, true} {
		all := &choice{seeds: 1, kinds: 1, slow: slow}
		for _, r := range all.runs(rows) {
			pattern, arguments, _ := strings.Cut(strings.SplitAfter(r.replay(), "-run ")[1], " ")
			set := flag.NewFlagSet("", flag.ContinueOnError)
			replayed := choose(set)
			if err := set.Parse(strings.Fields(arguments)); err != nil {
				t.Fatal(err)
			}
			selects := selector(t, strings.Trim(pattern, "'"))
			var names []string
			for _, other := range replayed.runs(rows) {
				if selects("TestMatrix/" + other.name()) {
					names = append(names, other.name())
				}
			}
			if len(names) != 1 || names[0] != r.name() {
				t.Errorf("%s replays %q, want %s", r.replay(), names, r.name())
			}
		}
	}
}

// selector says whether a test is run, as -run does: element by element.
func selector(t *testing.T, pattern string) func(name string) bool {
	var elements []*regexp.Regexp
	for _, p := range strings.Split(pattern, "/") {
		element, err := regexp.Compile(p)
		if err != nil {
			t.Fatal(err)
		}
		elements = append(elements, element)
	}
	return func(name string) bool {
		for n, part := range strings.Split(name, "/") {
			if n < len(elements) && !elements[n].MatchString(part) {
				return false
			}
		}
		return true
	}
}
