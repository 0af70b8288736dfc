// Package cluster reads the objects of a cluster, as they are now and as they change.
package cluster

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"

	"pocdr.dev/pocdr/document"
)

// Kind is a kind of objects, whatever the version.
type Kind struct{ Group, Kind string }

// Sink takes what is seen of a cluster. It is called from several goroutines.
type Sink interface {
	Put(document.Document)
	Remove(id string)
}

// Cluster is a cluster that can be read.
type Cluster struct {
	client   dynamic.Interface
	metadata metadata.Interface
	mapper   meta.ResettableRESTMapper

	mutex   sync.Mutex
	watched map[Kind]*watch
}

// rediscover is how often kinds that are not served are asked for again: their definitions may have come.
const rediscover = 30 * time.Second

// New makes a cluster that is reached as config says.
func New(config *rest.Config) (*Cluster, error) {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	versions, err := metadata.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	d, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	return &Cluster{client: client, metadata: versions, mapper: restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(d)), watched: map[Kind]*watch{}}, nil
}

// Watch hands all objects of some kinds to a sink, and then all that changes, until the context ends. It returns once every
// kind that is served was read. Kinds that are not served yet are watched from when they are, and those that are served in another version only, in that.
func (c *Cluster) Watch(ctx context.Context, kinds []Kind, sink Sink) error {
	if err := c.watch(ctx, kinds, sink); err != nil {
		return err
	}
	for _, w := range c.all() {
		if err := w.wait(ctx); err != nil {
			return err
		}
	}
	go c.watchLater(ctx, kinds, sink)
	return nil
}

// watch starts to watch those kinds that are served.
func (c *Cluster) watch(ctx context.Context, kinds []Kind, sink Sink) error {
	for _, kind := range kinds {
		mapping, err := c.mapper.RESTMapping(schema.GroupKind(kind))
		if meta.IsNoMatchError(err) || discovery.IsGroupDiscoveryFailedError(err) {
			continue
		}
		if err != nil {
			return fmt.Errorf("which resource is %s.%s: %w", kind.Kind, kind.Group, err)
		}
		c.watchIn(ctx, kind, mapping.Resource, sink)
	}
	return nil
}

// watchIn watches a kind in a version, where it is not watched in that already.
func (c *Cluster) watchIn(ctx context.Context, kind Kind, resource schema.GroupVersionResource, sink Sink) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	old := c.watched[kind]
	if old != nil && old.resource == resource {
		return
	}
	c.watched[kind] = start(ctx, c.client, resource, sink)
	if old != nil {
		go old.instead(ctx, c.watched[kind], sink)
	}
}

// watchLater asks again for kinds that were not served, or are no more in the version that is watched.
func (c *Cluster) watchLater(ctx context.Context, kinds []Kind, sink Sink) {
	ticker := time.NewTicker(rediscover)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		missing := slices.DeleteFunc(slices.Clone(kinds), func(k Kind) bool { return c.watching(k) })
		if len(missing) > 0 {
			c.mapper.Reset()
			_ = c.watch(ctx, missing, sink) // asked again at the next tick
		}
	}
}

func (c *Cluster) watching(k Kind) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.watched[k] != nil && !c.watched[k].unserved.Load()
}

func (c *Cluster) all() []*watch {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var all []*watch
	for _, w := range c.watched {
		all = append(all, w)
	}
	return all
}

// Age is how long ago the cluster was last heard of: the longest over all kinds.
func (c *Cluster) Age() time.Duration {
	var oldest time.Duration
	for _, w := range c.all() {
		oldest = max(oldest, time.Since(w.heard()))
	}
	return oldest
}

// Lost is how long the cluster has not answered, and why: the longest over all kinds.
func (c *Cluster) Lost() (time.Duration, error) {
	longest := &silence{since: time.Now()}
	for _, w := range c.all() {
		if s := w.silence.Load(); s != nil && s.since.Before(longest.since) {
			longest = s
		}
	}
	return time.Since(longest.since), longest.cause
}
