package fault

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Endless answers with head, and then with chunks, a time between them, until the client gives up. Function
// chunk is asked for one at a time, which are counted from 0.
func Endless(contentType string, head []byte, chunk func(n int) []byte, every time.Duration) Effect {
	return func(x *Exchange) {
		x.Writer.Header().Set("Content-Type", contentType)
		piece := head
		for n := 0; ; n++ {
			_, err := x.Writer.Write(piece)
			if err == nil {
				err = http.NewResponseController(x.Writer).Flush()
			}
			if err != nil || !x.Sleep(every) {
				x.End(Abort)
			}
			piece = chunk(n)
		}
	}
}

// EndlessList answers with a list, in JSON, that never ends: an item, with a name of its own, at a time.
func EndlessList(every time.Duration) Effect {
	return func(x *Exchange) {
		kind := x.kind()
		head := fmt.Sprintf(`{"kind":%q,"apiVersion":%q,"metadata":{"resourceVersion":"1"},"items":[`, kind.Kind+"List", kind.APIVersion)
		Endless("application/json", []byte(head), func(n int) []byte {
			comma := ","
			if n == 0 {
				comma = ""
			}
			return fmt.Appendf(nil, `%s{"metadata":{"name":"endless-%d","namespace":%q,"resourceVersion":"1"}}`, comma, n, x.Info.Namespace)
		}, every)(x)
	}
}

// RepeatContinue makes every page of a list the first one, and promises more with the same continue token. Answers are in
// JSON.
func RepeatContinue(token string) Effect {
	return pages(func(string) string { return token }, func(t string) bool { return t == token })
}

// EndlessPages makes every page of a list the first one, and promises more, with a new continue token each time. Answers
// are in JSON.
func EndlessPages() Effect {
	const prefix = "endless-"
	ours := func(token string) bool { return strings.HasPrefix(token, prefix) }
	return pages(func(current string) string {
		n, err := strconv.Atoi(strings.TrimPrefix(current, prefix))
		if err != nil {
			n = 0
		}
		return prefix + strconv.Itoa(n+1)
	}, ours)
}

// pages serves the first page of a list in place of those whose token is ours, with the token that is next.
func pages(next func(current string) string, ours func(token string) bool) Effect {
	return func(x *Exchange) {
		current := x.Info.Query.Get("continue")
		edit := EditList(func(list map[string]any) {
			if metadata, ok := list["metadata"].(map[string]any); ok {
				delete(metadata, "remainingItemCount")
				metadata["continue"] = next(current)
			}
		})
		if ours(current) {
			edit = Then(editQuery(func(query url.Values) { query.Del("continue") }), edit)
		}
		edit(x)
	}
}

// EditList changes the lists that the server answers, which come in JSON, whatever the client has asked for. Other
// answers stay as they are.
func EditList(edit func(list map[string]any)) Effect {
	asJSON := func(x *Exchange) {
		accept := x.inJSON()
		EditRequest(func(r *http.Request) { r.Header.Set("Accept", accept) })(x)
	}
	return Then(asJSON, Edit(func(_ *Exchange, code int, _ http.Header, body []byte) []byte {
		var list map[string]any
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber() // large integers stay what they are
		if code != http.StatusOK || d.Decode(&list) != nil || list["items"] == nil {
			return body
		}
		edit(list)
		return must(json.Marshal(list))
	}))
}

// PoisonItem makes an item of lists, counted from 0, one that no client can use. Lists that are shorter stay as they are.
func PoisonItem(n int, p Poison) Effect {
	return EditList(func(list map[string]any) {
		if items, ok := list["items"].([]any); ok && n < len(items) {
			item, _ := items[n].(map[string]any)
			items[n] = p.spoil(item)
		}
	})
}
