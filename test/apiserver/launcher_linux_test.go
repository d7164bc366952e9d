package apiserver

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestServersEndWithTheirLauncher(t *testing.T) {
	for _, end := range []string{"panic", "kill"} {
		t.Run(end, func(t *testing.T) {
			t.Parallel()
			launcher := exec.Command(os.Args[0])
			// The directory of a killed launcher is left; here it goes with the test.
			launcher.Env = append(os.Environ(), launcherEnv+"="+end, "TMPDIR="+t.TempDir())
			stdin, err := launcher.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			stdout, err := launcher.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := launcher.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(stdout).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			var conns []net.Conn
			for _, address := range strings.Fields(line) {
				conn, err := net.Dial("tcp", address)
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				conns = append(conns, conn)
			}
			if end == "kill" {
				if err := launcher.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
			stdin.Close()
			if err := launcher.Wait(); err == nil {
				t.Error("the launcher ended well")
			}
			for _, conn := range conns {
				// The read ends, with EOF or a reset, when the server's process does.
				_, _ = io.Copy(io.Discard, conn)
				eventually(t, func() bool { // the listener is closed a moment later
					other, err := net.Dial("tcp", conn.RemoteAddr().String())
					if err == nil {
						other.Close()
					}
					return err != nil
				})
			}
		})
	}
}
