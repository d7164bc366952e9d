package fault

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/kubewright/kubewright/pkg/apiservertest/record"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

// TestRecordShowsWhatFaultsDid joins the two as the server does: what the record has is what the client got.
func TestRecordShowsWhatFaultsDid(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		r := &rig{t: t, Injector: New(Options{Hit: record.Note})}
		recorder := record.New(record.Options{})
		r.server = httptest.NewUnstartedServer(recorder.Wrap(r.Wrap(http.HandlerFunc(r.api))))
		r.server.EnableHTTP2 = http2
		r.server.Config.ConnContext = ConnContext
		r.server.Config.ErrorLog = log.New(io.Discard, "", 0)
		r.server.Listener = r.Listener(r.server.Listener)
		r.server.StartTLS()
		r.client = r.server.Client()

		r.get(pods)
		r.Add(Rule{Name: "again", Match: request.Match{Verbs: []string{"watch"}}, Effect: Duplicate(Events{Name: "b"}, 1)})
		r.Add(Rule{Name: "then cut", Match: request.Match{Verbs: []string{"watch"}}, Effect: StopWithin(Events{Name: "c"}, 5, Abort)})
		r.get(pods + "?watch=1&stay=1")
		r.Close()
		r.server.Close()

		all := slices.Collect(recorder.Entries(request.Match{}))
		if len(all) != 2 {
			t.Fatalf("%+v", all)
		}
		if list := all[0]; list.Ending != record.Complete || list.Faults != nil || list.Status != 200 || list.Proto != r.proto() {
			t.Errorf("%+v", list)
		}
		watch := all[1]
		var got []string
		for _, f := range watch.Frames {
			got = append(got, f.Name)
		}
		if watch.Ending != record.Aborted || !slices.Equal(watch.Faults, []string{"again", "then cut"}) || !slices.Equal(got, []string{"a", "b", "b"}) {
			t.Errorf("%v: %+v", got, watch)
		}
	}
}
