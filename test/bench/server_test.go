package bench

import (
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
)

// address says how to reach a server.
type address struct {
	URL string
	CA  []byte // PEM
}

// serve is the server of the loopback benchmarks: HTTPS with HTTP/2 only. It writes its address to out and serves until in
// ends, which is when the process that started it does.
func serve(in io.Reader, out io.Writer) error {
	mux := http.NewServeMux()
	(&objectServer{}).register(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		a := answerTo(r)
		w.Header().Set("Content-Type", a.mediaType)
		w.WriteHeader(a.code)
		_, _ = w.Write(a.body) // a client that hangs up sees to itself
	})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			http.Error(w, "want HTTP/2, got "+r.Proto, http.StatusHTTPVersionNotSupported)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := json.NewEncoder(out).Encode(address{URL: server.URL, CA: ca}); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, in)
	return err
}

// The server of this process, once a benchmark has asked for it.
var (
	serverMu      sync.Mutex // guards what follows
	serverAddress address
	serverStop    func() error // nil means that it does not run
)

// loopback returns the address of a server in a process of its own, so that the CPU time of this one is the client's.
func loopback() (address, error) {
	serverMu.Lock()
	defer serverMu.Unlock()
	if serverStop != nil {
		return serverAddress, nil
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serverVariable+"=1")
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return address{}, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return address{}, err
	}
	if err := cmd.Start(); err != nil {
		return address{}, fmt.Errorf("unable to start the server: %w", err)
	}
	serverStop = func() error { return errors.Join(stdin.Close(), cmd.Wait()) }
	err = json.NewDecoder(stdout).Decode(&serverAddress)
	return serverAddress, err
}

// stopServer stops the server if it runs.
func stopServer() error {
	serverMu.Lock()
	defer serverMu.Unlock()
	if serverStop == nil {
		return nil
	}
	return serverStop()
}
