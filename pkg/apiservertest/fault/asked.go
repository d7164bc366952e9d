package fault

import (
	"net/http"
	"net/url"
)

// Before does something before the server gets a request: it changes objects between two pages of a list, or compacts the
// history before a watch.
func Before(do func(*Exchange)) Effect {
	return func(x *Exchange) {
		do(x)
		x.Serve()
	}
}

// After does something when the server is done with a request. The client may have the answer already, or not yet.
func After(do func(*Exchange)) Effect {
	return func(x *Exchange) {
		x.Serve()
		do(x)
	}
}

// EditRequest changes requests before the server gets them. It gets a copy, whose header and URL are its own.
func EditRequest(edit func(*http.Request)) Effect {
	return func(x *Exchange) {
		r := x.Request.Clone(x.Request.Context())
		edit(r)
		x.next(x.Writer, r)
	}
}

// editQuery is EditRequest for the query.
func editQuery(edit func(url.Values)) Effect {
	return EditRequest(func(r *http.Request) {
		query := r.URL.Query()
		edit(query)
		r.URL.RawQuery = query.Encode()
	})
}

// AsOf answers as a replica does that is behind, whatever the client asks for: lists are those of a resource version, and
// watches begin after it, so that they send again what has long been seen. Pages after the first are of the version that
// their list began with. Other requests, and watches with sendInitialEvents, which are always of the newest version, stay as they
// are.
func AsOf(resourceVersion string) Effect {
	return func(x *Exchange) {
		editQuery(func(query url.Values) {
			switch {
			case x.Info.Verb == "list" && !query.Has("continue"):
				query.Set("resourceVersion", resourceVersion)
				query.Set("resourceVersionMatch", "Exact")
			case x.Info.Verb == "watch" && !query.Has("sendInitialEvents"):
				query.Set("resourceVersion", resourceVersion)
			}
		})(x)
	}
}
