package peers

import "k8s.io/apimachinery/pkg/conversion"

type Old struct{ Name string }
type New struct{ Names []string }

func Convert_peers_Old_To_peers_New(in *Old, out *New, s conversion.Scope) error {
	out.Names = []string{in.Name}
	return nil
}
