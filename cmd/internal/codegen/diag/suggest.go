package diag

import (
	"fmt"
	"strings"
)

// DidYouMean ends a message about a word that is not one of the candidates: with the candidate that is probably meant,
// or else with all of them behind the introduction, such as "verbs are".
func DidYouMean(got, introduction string, candidates []string) string {
	if near := Nearest(got, candidates...); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return fmt.Sprintf(" (%s %s)", introduction, strings.Join(candidates, ", "))
}

// Nearest returns the candidate that differs least from got: in upper and lower case only, or in at most two letters
// (one, for words of up to four letters). It returns "" when there is none.
func Nearest(got string, candidates ...string) string {
	best, bestDistance := "", 3
	if len(got) <= 4 {
		bestDistance = 2
	}
	for _, candidate := range candidates {
		if distance := editDistance(strings.ToLower(got), strings.ToLower(candidate)); distance < bestDistance {
			best, bestDistance = candidate, distance
		}
	}
	return best
}

// editDistance counts the insertions, deletions, replacements and swaps of neighbours that turn a into b.
func editDistance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			replace := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			rows[i][j] = min(replace, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
