package codegen

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// yearWord is what header files write for a year that is filled in, as code-generator does. It takes the current year,
// so that all files change every January; here a year that is there already stays.
const yearWord = "YEAR"

// withYear fills in the year of a header: the given one; or, if that is 0, the one that generated files in one of the
// directories have at that place; or else, before there is any file, the current one.
func withYear(header string, year int, dirs []string) (string, error) {
	if !strings.Contains(header, yearWord) {
		return header, nil
	}
	text := strconv.Itoa(year)
	if year == 0 {
		text = strconv.Itoa(time.Now().Year())
		for _, dir := range dirs {
			found, err := yearIn(header, dir)
			if err != nil {
				return "", err
			}
			if found != "" {
				text = found
				break
			}
		}
	}
	return strings.ReplaceAll(header, yearWord, text), nil
}

// yearIn returns the year in the first file below a directory that begins with the header, or "".
func yearIn(header, dir string) (year string, err error) {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(strings.TrimRight(header, "\n")), yearWord, `(\d{4})`)
	begins, err := regexp.Compile(`\A` + pattern + `\n`)
	if err != nil {
		return "", err
	}
	err = filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == dir {
			return filepath.SkipAll
		}
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" {
			return err
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if match := begins.FindSubmatch(content); match != nil {
			year = string(match[1])
			return filepath.SkipAll
		}
		return nil
	})
	return year, err
}
