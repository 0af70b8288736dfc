// Package dir reads the files of a directory.
package dir

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/source"
)

// Tree is a directory. Nothing outside of it is read: no link that leads out of it is followed.
type Tree struct {
	root *os.Root
}

// Open opens a directory.
func Open(name string) (*Tree, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: there is no such folder", name)
	case err == nil && !info.IsDir():
		return nil, fmt.Errorf("%s: this is a file; name the folder that it is in", name)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &Tree{root}, nil
}

// Close gives the directory back.
func (t *Tree) Close() error { return t.root.Close() }

// List lists the regular files. A link to what is read where it stands is passed over; any other one, and a folder that cannot be read, are unread.
func (t *Tree) List(ctx context.Context) ([]source.File, []document.Unread, error) {
	l := &listing{ctx: ctx, root: t.root}
	err := l.folder(".")
	return l.files, l.unread, err
}

// listing is the state of listing a directory. It asks the root, and no fs.FS, which takes no name that is not UTF-8.
type listing struct {
	ctx    context.Context
	root   *os.Root
	files  []source.File
	unread []document.Unread
}

func (l *listing) folder(name string) error {
	entries, err := l.entries(name)
	if err != nil && name == "." {
		return err
	}
	if err != nil {
		l.unread = append(l.unread, source.Unlisted(name, fault(err)))
	}
	for _, entry := range entries {
		if err := l.ctx.Err(); err != nil {
			return err
		}
		if entry.Name() == ".git" {
			continue
		}
		name := path.Join(name, entry.Name())
		if entry.IsDir() {
			if err := l.folder(name); err != nil {
				return err
			}
			continue
		}
		file, fault := l.look(name, entry)
		if fault != "" && source.Interesting(name) {
			l.unread = append(l.unread, source.Unlisted(name, fault))
		}
		if file != nil {
			l.files = append(l.files, *file)
		}
	}
	return nil
}

// entries are those of a folder, in the order of their names.
func (l *listing) entries(name string) ([]fs.DirEntry, error) {
	folder, err := l.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	entries, err := folder.ReadDir(-1)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, err
}

// look tells what a directory entry is: a file, a fault, or neither.
func (l *listing) look(name string, entry fs.DirEntry) (*source.File, string) {
	switch entry.Type() {
	case 0:
		info, err := l.root.Lstat(name)
		if err != nil {
			return nil, fault(err)
		}
		return &source.File{Path: name, Size: info.Size()}, ""
	case fs.ModeSymlink:
		return nil, source.Follow(name, l.at)
	}
	return nil, fmt.Sprintf("is no regular file but a %s", describe(entry.Type()))
}

// at tells what stands at a path; see source.Follow.
func (l *listing) at(name string) (source.Entry, string) {
	info, err := l.root.Lstat(name)
	switch {
	case err != nil:
		return source.Nothing, ""
	case info.IsDir():
		return source.Folder, ""
	case info.Mode().Type() != fs.ModeSymlink:
		return source.Regular, ""
	}
	target, err := l.root.Readlink(name)
	if err != nil {
		return source.Nothing, ""
	}
	return source.Link, target
}

// fault says why something cannot be read, without the path, which is said anyway.
func fault(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Sprintf("cannot be read: %v", err)
}

func describe(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "named pipe"
	case mode&fs.ModeSocket != 0:
		return "socket"
	}
	return "device"
}

// Reader reads files; it may be used from several goroutines.
func (t *Tree) Reader() (source.Reader, error) { return t, nil }

// Read reads a whole file, as long as it has not grown since it was listed.
func (t *Tree) Read(f source.File) ([]byte, error) {
	file, err := t.root.Open(f.Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content := make([]byte, f.Size)
	n, err := io.ReadFull(file, content)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = nil
	}
	return content[:n], err
}
