package reflector

import "fmt"

// maxPages bounds a list whose pages do not end; with pages of 500 it is five million objects.
const maxPages = 10_000

// take takes note of the next page and says whether it is the last. An error says that this list will never be one.
func (l ListState) take(page Page) (next ListState, last bool, err error) {
	if l.Pages > 0 && page.Version != l.Version {
		return l, false, fmt.Errorf("%w: they are of different versions, %q and %q", errPaging, l.Version, page.Version)
	}
	repeated := page.Continue == l.Continue || page.Continue == l.Mark
	l.Pages++
	l.Version, l.Continue, l.Remaining = page.Version, page.Continue, page.Remaining
	switch {
	case page.Continue == "":
		return l, true, nil
	case repeated:
		return l, false, fmt.Errorf("%w: a continue token is repeated", errPaging)
	case l.Pages >= maxPages:
		return l, false, fmt.Errorf("%w: they do not end, there are %d and more", errPaging, maxPages)
	}
	// However long a circle of tokens is, one mark that moves at ever longer intervals lies on it in the end.
	if l.Pages&(l.Pages-1) == 0 {
		l.Mark = page.Continue
	}
	return l, false, nil
}
