package diag

import (
	"strconv"
	"strings"
)

const didYouMean = "did you mean "

// Suggest sets the cure for a word that is not one of the candidates: the candidate that is probably meant, or else all
// of them behind the introduction, such as "verbs are".
func (p *Problem) Suggest(got, introduction string, candidates []string) {
	if near := Nearest(got, candidates...); near != "" {
		p.DidYouMean(strconv.Quote(near))
	} else {
		p.Fix("%s %s", introduction, strings.Join(candidates, ", "))
	}
}

// DidYouMean sets the cure to a question.
func (p *Problem) DidYouMean(word string) {
	p.Fix(didYouMean+"%s?", word)
}

// Nearest returns the candidate that differs least from got: in upper and lower case only, or in at most two letters
// (one, for words of up to four letters). It returns "" when there is none.
func Nearest(got string, candidates ...string) string {
	best, bestDistance := "", 3
	if len(got) <= 4 {
		bestDistance = 2
	}
	for _, candidate := range candidates {
		if longer := len(candidate) - len(got); max(longer, -longer) >= bestDistance {
			continue // that many letters differ at least
		}
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
