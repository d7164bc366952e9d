// Command record-answers asks a real kube-apiserver the questions in a file, and writes its
// answers beside them. Tests of pkg/apiservertest compare their own answers with these.
//
//	go run -C test/apiserver ./cmd/record-answers file...
//
// A file has one exchange per line, in JSON. For a new one, write a line with no more than
// "method", "path" and "header", and run the command. Each file is asked of the same server,
// in order, by a user who may do everything.
//
// What differs from run to run is left out (dates, audit IDs) or named: the address of the
// server is SERVER.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"unicode/utf8"

	"github.com/kubewright/kubewright/test/apiserver"
)

// exchange is a request and its answer.
type exchange struct {
	Method string            `json:"method"`
	Path   string            `json:"path"` // and query
	Header map[string]string `json:"header,omitempty"`

	Status int               `json:"status"`
	Answer map[string]string `json:"answer"`           // headers
	Body   string            `json:"body,omitempty"`   // of text
	Binary []byte            `json:"binary,omitempty"` // of anything else
}

// headers are those of an answer that are recorded.
var headers = []string{"Allow", "Cache-Control", "Content-Type", "Etag", "Expires", "Location", "Retry-After", "Vary", "Warning", "X-Content-Type-Options"}

func main() {
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, flag.Args())
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "record-answers: %v\n", err)
		os.Exit(1)
	}
}

// run asks the questions in the files of one server.
func run(ctx context.Context, files []string) (err error) {
	if len(files) == 0 {
		return errors.New("name the files of questions")
	}
	cluster, err := apiserver.Start(ctx, apiserver.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	client, err := cluster.HTTPClient(cluster.AdminToken())
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		out, err := record(ctx, client, cluster.Server(0).URL(), text)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := os.WriteFile(file, out, 0o644); err != nil { //nolint:gosec // the user names the file
			return err
		}
	}
	return nil
}

// record returns the exchanges of text with the answers of the server at url.
func record(ctx context.Context, client *http.Client, url string, text []byte) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	for {
		var e exchange
		if err := decoder.Decode(&e); errors.Is(err, io.EOF) {
			return out.Bytes(), nil
		} else if err != nil {
			return nil, err
		}
		if err := e.ask(ctx, client, url); err != nil {
			return nil, err
		}
		if err := encoder.Encode(e); err != nil {
			return nil, err
		}
	}
}

// ask fills in the answer.
func (e *exchange) ask(ctx context.Context, client *http.Client, url string) error {
	req, err := http.NewRequestWithContext(ctx, e.Method, url+e.Path, nil)
	if err != nil {
		return err
	}
	for name, value := range e.Header {
		req.Header.Set(name, value)
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", e.Method, e.Path, err)
	}
	e.Status, e.Answer, e.Body, e.Binary = resp.StatusCode, make(map[string]string), "", nil
	for _, name := range headers {
		if values := resp.Header.Values(name); len(values) > 0 {
			e.Answer[name] = strings.Join(values, ", ")
		}
	}
	if utf8.Valid(body) && !bytes.ContainsRune(body, 0) {
		e.Body = strings.ReplaceAll(string(body), strings.TrimPrefix(url, "https://"), "SERVER")
	} else {
		e.Binary = body
	}
	return nil
}
