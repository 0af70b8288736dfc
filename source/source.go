// Package source reads the documents of a tree of files, on all cores.
package source

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"pocdr.dev/pocdr/document"
)

// File is one file of a tree.
type File struct {
	Path string // slash-separated, relative to the root of the tree
	Size int64
	Key  string // how the tree finds it again; for the tree's own use
}

// Tree is a set of files that is not changing: a directory, or a git revision.
type Tree interface {
	// List lists the files, and says what it cannot look into. The error means that the tree cannot be read at all.
	List(context.Context) ([]File, []document.Unread, error)
	// Reader makes a reader for the use of one goroutine.
	Reader() (Reader, error)
}

// Reader reads files of a tree.
type Reader interface {
	Read(File) ([]byte, error)
}

// Contents are the files of a tree that are read, and how they are to be understood.
type Contents struct {
	Tree   Tree
	Files  []File // sorted by path
	Unread []document.Unread
	Bounds document.Bounds

	listed []File // those, and what tells how others are to be understood
}

// Open lists a tree and works out its layout: which files are no documents, because a chart or an overlay makes documents of them.
func Open(ctx context.Context, tree Tree, bounds document.Bounds) (*Contents, error) {
	files, unread, err := tree.List(ctx)
	if err != nil {
		return nil, err
	}
	c := &Contents{Tree: tree, Unread: unread, Bounds: bounds, listed: slices.DeleteFunc(files, func(f File) bool { return !Wanted(f.Path) })}
	slices.SortFunc(c.listed, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return c, c.layOut()
}

// Each reads every file on all cores and hands its documents to do; the results come in the order of the files. The first error of do ends it.
func Each[T any](ctx context.Context, c *Contents, do func([]document.Document, []document.Unread) (T, error)) ([]T, error) {
	out := make([]T, len(c.Files))
	var next atomic.Int64
	var group sync.WaitGroup
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	for range min(runtime.GOMAXPROCS(0), max(len(c.Files), 1)) {
		group.Go(func() {
			reader, err := c.Tree.Reader()
			for i := int(next.Add(1)) - 1; err == nil && i < len(c.Files) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				out[i], err = do(c.read(reader, c.Files[i]))
			}
			if err != nil {
				stop(err)
			}
		})
	}
	group.Wait()
	return out, context.Cause(ctx)
}

// read reads one file; what goes wrong is an Unread.
func (c *Contents) read(reader Reader, file File) ([]document.Document, []document.Unread) {
	content, fault := c.Content(reader, file)
	if fault != "" {
		return nil, []document.Unread{{File: file.Path, Message: fault, Formats: document.Named(file.Path)}}
	}
	return document.Read(file.Path, content, c.Bounds)
}

// Content reads a file within the bounds, or says why it cannot.
func (c *Contents) Content(reader Reader, file File) (content []byte, fault string) {
	if file.Size > c.Bounds.FileBytes {
		return nil, document.TooLarge(file.Size, c.Bounds)
	}
	content, err := reader.Read(file)
	if err != nil {
		return nil, fmt.Sprintf("cannot be read: %v", err)
	}
	return content, ""
}

// Find finds a file by its path, one that is no document as well.
func (c *Contents) Find(path string) (File, bool) {
	i, ok := slices.BinarySearchFunc(c.listed, path, func(f File, path string) int { return cmp.Compare(f.Path, path) })
	if !ok {
		return File{}, false
	}
	return c.listed[i], true
}
