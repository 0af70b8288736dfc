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

// List lists the regular files. A link to what is inside the tree is passed over, since its target is read where it
// stands; a link that leads out, and a folder that cannot be read, are unread.
func (t *Tree) List(ctx context.Context) ([]source.File, []document.Unread, error) {
	var files []source.File
	var unread []document.Unread
	err := fs.WalkDir(t.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && name == ".":
			return err
		case err != nil:
			unread = append(unread, source.Unlisted(name, fault(err)))
			return fs.SkipDir
		case path.Base(name) == ".git":
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			return nil
		}
		file, fault := t.look(name, entry)
		if fault != "" && source.Interesting(name) {
			unread = append(unread, source.Unlisted(name, fault))
		}
		if file != nil {
			files = append(files, *file)
		}
		return nil
	})
	return files, unread, err
}

// look tells what a directory entry is: a file, a fault, or neither.
func (t *Tree) look(name string, entry fs.DirEntry) (*source.File, string) {
	switch entry.Type() {
	case 0:
		info, err := entry.Info()
		if err != nil {
			return nil, fault(err)
		}
		return &source.File{Path: name, Size: info.Size()}, ""
	case fs.ModeSymlink:
		if _, err := t.root.Stat(name); err != nil {
			return nil, source.LinkFault
		}
		return nil, ""
	}
	return nil, fmt.Sprintf("is no regular file but a %s", describe(entry.Type()))
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
