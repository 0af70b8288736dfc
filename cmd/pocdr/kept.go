package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// kept are files that a command keeps up to date in a folder, and knows again by their first line and the end of their names. What is anybody else's is left alone.
type kept struct{ mark, extension string }

// stale finds what differs between the folder and what it should hold, by file, and mends it if asked to.
func (k kept) stale(folder string, files map[string]string, mend bool) ([]string, error) {
	if mend {
		if err := os.MkdirAll(folder, 0o777); err != nil {
			return nil, err
		}
	}
	dir, err := os.OpenRoot(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return []string{folder + ": missing"}, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = dir.Close() }() // nothing is open for writing
	var stale []string
	for _, file := range slices.Sorted(maps.Keys(files)) {
		fault, err := k.staleFile(dir, file, files[file], mend)
		if err != nil {
			return nil, err
		}
		if fault != "" {
			stale = append(stale, filepath.Join(folder, file)+": "+fault)
		}
	}
	left, err := k.left(dir, files)
	for _, file := range left {
		stale = append(stale, filepath.Join(folder, file)+": no longer needed")
		if mend && err == nil {
			err = dir.Remove(file)
			_ = dir.Remove(path.Dir(file)) // where it was the last one
		}
	}
	return stale, err
}

// staleFile tells what is wrong with one file; empty where it is up to date.
func (k kept) staleFile(dir *os.Root, file, want string, mend bool) (string, error) {
	fault := "not up to date"
	have, err := dir.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		fault = "missing"
	case err != nil:
		return "", err
	case string(have) == want:
		return "", nil
	case !k.wrote(have):
		return "", fmt.Errorf("%s was not written by this command, and would be overwritten", filepath.Join(dir.Name(), file))
	}
	if !mend {
		return fault, nil
	}
	if err := dir.MkdirAll(path.Dir(file), 0o777); err != nil {
		return "", err
	}
	return fault, dir.WriteFile(file, []byte(want), 0o666)
}

// left finds the files that an earlier run wrote and that are no longer needed.
func (k kept) left(dir *os.Root, files map[string]string) ([]string, error) {
	var left []string
	err := fs.WalkDir(dir.FS(), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || path.Ext(file) != k.extension {
			return err
		}
		if _, wanted := files[file]; wanted {
			return nil
		}
		text, err := dir.ReadFile(file)
		if err == nil && k.wrote(text) {
			left = append(left, file)
		}
		return err
	})
	return left, err
}

// wrote tells whether this command wrote a file.
func (k kept) wrote(text []byte) bool {
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimRight(line, "\r") == k.mark
}
